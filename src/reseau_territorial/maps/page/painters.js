/* Three pens with the same strokes: screen and PNG (canvas), SVG (a document), PDF (text). */

const SHAPE_TURNS = 72;

/** Corners of a marker as a flat list; circles are left to the pens. */
function corners(shape, x, y, r) {
  const points = shape.points, flat = new Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    flat[i] = x + points[i] * r;
    flat[i + 1] = y - points[i + 1] * r;
  }
  return flat;
}

class CanvasPen {
  constructor(context, font) {
    this.c = context;
    this.font = font;
    this.widths = new Map();
  }

  /** flat holds x1, y1, cx, cy, x2, y2 of each line; cx is NaN for a straight one. */
  lines(flat, style) {
    if (!flat.length) return;
    const c = this.c;
    c.beginPath();
    for (let i = 0; i < flat.length; i += 6) {
      c.moveTo(flat[i], flat[i + 1]);
      if (flat[i + 2] !== flat[i + 2]) c.lineTo(flat[i + 4], flat[i + 5]);
      else c.quadraticCurveTo(flat[i + 2], flat[i + 3], flat[i + 4], flat[i + 5]);
    }
    this.finish({ ...style, fill: null });
  }

  /** flat holds x, y, r of each marker. */
  shapes(shape, flat, style) {
    if (!flat.length) return;
    const c = this.c;
    c.beginPath();
    for (let i = 0; i < flat.length; i += 3) {
      const r = flat[i + 2] * shape.radius;
      // Under 3 pixels no shape can be told from another: the quickest to draw stands for all.
      if (r < 3) c.rect(flat[i] - r, flat[i + 1] - r, 2 * r, 2 * r);
      else if (shape.points.length) this.outline(corners(shape, flat[i], flat[i + 1], r));
      else { c.moveTo(flat[i] + r, flat[i + 1]); c.arc(flat[i], flat[i + 1], r, 0, 2 * Math.PI); }
    }
    this.finish(style);
  }

  outline(flat) {
    this.c.moveTo(flat[0], flat[1]);
    for (let i = 2; i < flat.length; i += 2) this.c.lineTo(flat[i], flat[i + 1]);
    this.c.closePath();
  }

  polygons(rings, style) {
    this.c.beginPath();
    for (const ring of rings) this.outline(ring);
    this.finish(style);
  }

  finish(style) {
    const c = this.c;
    c.globalAlpha = style.alpha === undefined ? 1 : style.alpha;
    if (style.fill) { c.fillStyle = style.fill; c.fill("evenodd" in style ? "evenodd" : "nonzero"); }
    if (style.stroke && style.width) {
      c.strokeStyle = style.stroke;
      c.lineWidth = style.width;
      c.lineJoin = "round";
      c.setLineDash((style.dash || []).map((step) => step * style.width));
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  face(style) { return `${style.bold ? "600 " : ""}${style.size}px ${this.font}`; }

  measure(text, style) {
    const key = `${style.bold ? 1 : 0}${style.size}|${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.c.font = this.face(style);
      width = this.c.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /** Text whose left end of baseline is at x, y. */
  text(text, x, y, style) {
    const c = this.c;
    c.font = this.face(style);
    if (style.halo) {
      c.strokeStyle = style.halo;
      c.lineWidth = Math.max(2, style.size / 4);
      c.lineJoin = "round";
      c.setLineDash([]);
      c.strokeText(text, x, y);
    }
    c.fillStyle = style.color;
    c.fillText(text, x, y);
  }

  clip(x, y, w, h) { this.c.save(); this.c.beginPath(); this.c.rect(x, y, w, h); this.c.clip(); }

  unclip() { this.c.restore(); }
}

const round = (value) => Math.round(value * 100) / 100;

/** Path data of lines or polygons, shared by SVG only. */
function pathData(flat) {
  let d = "";
  for (let i = 0; i < flat.length; i += 6) {
    const end = `${round(flat[i + 4])} ${round(flat[i + 5])}`;
    d += `M${round(flat[i])} ${round(flat[i + 1])}`
      + (flat[i + 2] !== flat[i + 2] ? `L${end}` : `Q${round(flat[i + 2])} ${round(flat[i + 3])} ${end}`);
  }
  return d;
}

function polygonData(rings) {
  return rings.map((ring) => {
    let d = "";
    for (let i = 0; i < ring.length; i += 2) d += `${i ? "L" : "M"}${round(ring[i])} ${round(ring[i + 1])}`;
    return `${d}Z`;
  }).join("");
}

/** The rings of markers, circles included, for pens that know only polygons. */
function markerRings(shape, flat) {
  const rings = [];
  for (let i = 0; i < flat.length; i += 3) {
    if (shape.points.length) rings.push(corners(shape, flat[i], flat[i + 1], flat[i + 2]));
    else {
      const ring = [], r = flat[i + 2] * shape.radius;
      for (let k = 0; k < SHAPE_TURNS; k++) {
        const turn = 2 * Math.PI * k / SHAPE_TURNS;
        ring.push(flat[i] + r * Math.cos(turn), flat[i + 1] + r * Math.sin(turn));
      }
      rings.push(ring);
    }
  }
  return rings;
}

const SVG = "http://www.w3.org/2000/svg";

function svgNode(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** What the two paper pens share: markers are polygons, and a canvas measures their text. */
class PaperPen {
  constructor(ruler) { this.ruler = ruler; }

  shapes(shape, flat, style) { if (flat.length) /** @type {any} */ (this).polygons(markerRings(shape, flat), style); }

  measure(text, style) { return this.ruler.measure(text, style); }
}

class SvgPen extends PaperPen {
  constructor(ruler, width, height, title, description) {
    super(ruler);
    this.root = svgNode("svg", {
      viewBox: `0 0 ${width} ${height}`, role: "img", "font-family": ruler.font, "aria-label": title,
    });
    this.root.append(svgNode("title", {}, title), svgNode("desc", {}, description));
    this.at = this.root;
    this.clips = 0;
  }

  path(d, style) {
    const attributes = { d, fill: style.fill || "none" };
    if (style.fill) attributes["fill-rule"] = "evenodd" in style ? "evenodd" : "nonzero";
    if (style.stroke && style.width) {
      Object.assign(attributes, { stroke: style.stroke, "stroke-width": round(style.width), "stroke-linejoin": "round" });
      if (style.dash && style.dash.length) {
        attributes["stroke-dasharray"] = style.dash.map((step) => round(step * style.width)).join(" ");
      }
    }
    if (style.alpha !== undefined) attributes.opacity = style.alpha;
    this.at.append(svgNode("path", attributes));
  }

  lines(flat, style) { if (flat.length) this.path(pathData(flat), { ...style, fill: null }); }

  polygons(rings, style) { this.path(polygonData(rings), style); }

  text(text, x, y, style) {
    const attributes = { x: round(x), y: round(y), "font-size": style.size, fill: style.color };
    if (style.bold) attributes["font-weight"] = 600;
    if (style.halo) {
      Object.assign(attributes, {
        stroke: style.halo, "stroke-width": style.size / 4, "stroke-linejoin": "round", "paint-order": "stroke",
      });
    }
    this.at.append(svgNode("text", attributes, text));
  }

  clip(x, y, width, height) {
    const id = `clip${this.clips++}`, path = svgNode("clipPath", { id });
    path.append(svgNode("rect", { x, y, width, height }));
    const group = svgNode("g", { "clip-path": `url(#${id})` });
    this.root.append(path, group);
    this.at = group;
  }

  unclip() { this.at = this.root; }
}
/* The upper half of the encoding of the PDF standard fonts. */
const UPPER = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 128 }, (_, i) => 128 + i));

/** Text in that encoding; a letter it lacks loses its accent, or becomes "?". */
function winAnsi(text) {
  let result = "";
  for (const char of text.replace(/[\u202f\u2009]/g, "\u00a0").replace(/−/g, "-").replace(/→/g, "->")) {
    const plain = UPPER.includes(char) || char < "\x80" ? char : char.normalize("NFKD")[0], place = UPPER.indexOf(plain);
    result += place >= 0 ? String.fromCharCode(128 + place) : plain < "\x80" ? plain : "?";
  }
  return result;
}

/** One page, two standard fonts, selectable text. */
class PdfPen extends PaperPen {
  constructor(ruler, width, height) {
    super(ruler);
    this.width = width;
    this.height = height;
    this.out = [];
    this.alphas = new Map();
  }

  p(x, y) { return `${round(x)} ${round(this.height - y)}`; }

  color(hex, verb) {
    const part = (i) => round(parseInt(hex.slice(i, i + 2), 16) / 255);
    return `${part(1)} ${part(3)} ${part(5)} ${verb}`;
  }

  paint(path, style) {
    const alpha = style.alpha === undefined ? 1 : round(style.alpha), stroke = style.stroke && style.width;
    if (!this.alphas.has(alpha)) this.alphas.set(alpha, `G${this.alphas.size}`);
    this.out.push(`q /${this.alphas.get(alpha)} gs 1 j`);
    if (style.fill) this.out.push(this.color(style.fill, "rg"));
    if (stroke) {
      const dash = (style.dash || []).map((step) => round(step * style.width)).join(" ");
      this.out.push(`${this.color(style.stroke, "RG")} ${round(style.width)} w [${dash}] 0 d`);
    }
    const even = "evenodd" in style ? "*" : "";
    this.out.push(path, style.fill ? (stroke ? `B${even}` : `f${even}`) : stroke ? "S" : "n", "Q");
  }

  lines(flat, style) {
    let d = "";
    for (let i = 0; i < flat.length; i += 6) {
      const [x1, y1, cx, cy, x2, y2] = flat.slice(i, i + 6);
      d += `${this.p(x1, y1)} m ` + (cx !== cx ? `${this.p(x2, y2)} l ` : `${this.p(x1 + (cx - x1) * 2 / 3, y1 + (cy - y1) * 2 / 3)} `
        + `${this.p(x2 + (cx - x2) * 2 / 3, y2 + (cy - y2) * 2 / 3)} ${this.p(x2, y2)} c `);
    }
    if (d) this.paint(d, { ...style, fill: null });
  }

  polygons(rings, style) {
    this.paint(rings.map((ring) => {
      let d = "";
      for (let i = 0; i < ring.length; i += 2) d += `${this.p(ring[i], ring[i + 1])} ${i ? "l" : "m"} `;
      return `${d}h`;
    }).join(" "), style);
  }

  text(text, x, y, style) {
    const coded = winAnsi(text).replace(/[\\()]/g, "\\$&");
    const show = (mode) => `BT ${mode} Tr /${style.bold ? "FB" : "FR"} ${style.size} Tf ${this.p(x, y)} Td (${coded}) Tj ET`;
    this.out.push("q");
    if (style.halo) this.out.push(`1 j ${this.color(style.halo, "RG")} ${round(style.size / 4)} w [] 0 d`, show(1));
    this.out.push(this.color(style.color, "rg"), show(0), "Q");
  }

  clip(x, y, w, h) { this.out.push(`q ${round(x)} ${round(this.height - y - h)} ${round(w)} ${round(h)} re W n`); }

  unclip() { this.out.push("Q"); }

  /** The file as bytes: objects, then the table that says where each begins. */
  bytes(title, lang) {
    const content = this.out.join("\n");
    const states = [...this.alphas].map(([alpha, name]) => `/${name} << /CA ${alpha} /ca ${alpha} >>`).join(" ");
    const hex = [...`\ufeff${title}`].map((char) => char.codePointAt(0) > 0xffff ? "003f"
      : char.charCodeAt(0).toString(16).padStart(4, "0")).join("");
    const font = (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
    const objects = [
      `<< /Type /Catalog /Pages 2 0 R /Lang (${lang}) /ViewerPreferences << /DisplayDocTitle true >> >>`,
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${round(this.width)} ${round(this.height)}] /Contents 4 0 R `
        + `/Resources << /Font << /FR 5 0 R /FB 6 0 R >> /ExtGState << ${states} >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      font("Helvetica"), font("Helvetica-Bold"), `<< /Title <${hex}> /Producer (reseau_territorial) >>`,
    ];
    let file = "%PDF-1.4\n";
    const places = objects.map((body, i) => {
      const place = file.length;
      file += `${i + 1} 0 obj\n${body}\nendobj\n`;
      return place;
    });
    const start = file.length;
    file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
      + places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("")
      + `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`;
    return Uint8Array.from(file, (char) => char.charCodeAt(0));
  }
}
