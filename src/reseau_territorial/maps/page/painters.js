/* Three pens with the same strokes: screen and PNG (canvas), SVG (a document), PDF (text). */

const SHAPE_TURNS = 72;

/** Strokes of every pen, from the calls of a canvas path that it knows; `finish` paints the path in a style. */
function strokes(path, finish, coarse = 0) {
  function outline(flat) {
    path.moveTo(flat[0], flat[1]);
    for (let i = 2; i < flat.length; i += 2) path.lineTo(flat[i], flat[i + 1]);
    path.closePath();
  }

  /** Call draw(i) for each `step` numbers of a list, in one path. */
  function each(flat, step, style, draw) {
    if (!flat.length) return;
    path.beginPath();
    for (let i = 0; i < flat.length; i += step) draw(i);
    finish({ alpha: 1, dash: [], ...style });
  }

  return {
    /** flat holds x1, y1, cx, cy, x2, y2 of each line; cx is NaN for a straight one. */
    lines: (flat, style) => each(flat, 6, style, (i) => {
      path.moveTo(flat[i], flat[i + 1]);
      if (flat[i + 2] !== flat[i + 2]) path.lineTo(flat[i + 4], flat[i + 5]);
      else path.quadraticCurveTo(flat[i + 2], flat[i + 3], flat[i + 4], flat[i + 5]);
    }),
    /** flat holds x, y, r of each marker. */
    shapes: (shape, flat, style) => each(flat, 3, style, (i) => {
      const x = flat[i], y = flat[i + 1], r = flat[i + 2] * shape.radius;
      // On a screen, under a few pixels no shape can be told from another: the quickest to draw stands for all.
      if (r < coarse) path.rect(x - r, y - r, 2 * r, 2 * r);
      else if (shape.points.length) outline(shape.points.map((point, k) => (k % 2 ? y - point * r : x + point * r)));
      else { path.moveTo(x + r, y); path.arc(x, y, r, 0, 2 * PI); }
    }),
    polygons: (rings, style) => each(rings, 1, style, (i) => outline(rings[i])),
  };
}

/** A path as text, for paper: `write` says a move (M), a line (L), a curve (Q) or an end (Z) in the language of the file. */
function writtenPath(write) {
  const add = (letter) => (...points) => { path.d += write(letter, points); };
  const path = {
    d: "", beginPath() { path.d = ""; }, moveTo: add("M"), lineTo: add("L"), quadraticCurveTo: add("Q"), closePath: add("Z"),
    arc(x, y, r) {
      for (let turn = 1; turn < SHAPE_TURNS; turn++) path.lineTo(x + r * cos(2 * PI * turn / SHAPE_TURNS), y + r * sin(2 * PI * turn / SHAPE_TURNS));
      path.closePath();
    },
  };
  return path;
}

function canvasPen(c, family, coarse) {
  const widths = new Map(), face = (style) => `${style.bold ? "600 " : ""}${style.size}px ${family}`;

  function finish({ alpha, fill, stroke, width, dash, evenodd }) {
    c.globalAlpha = alpha;
    if (fill) { c.fillStyle = fill; c.fill(evenodd ? "evenodd" : "nonzero"); }
    if (stroke) {
      Object.assign(c, { strokeStyle: stroke, lineWidth: width, lineJoin: "round" });
      c.setLineDash(dash.map((step) => step * width));
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  function measure(words, style) {
    return once(widths, `${style.bold ? 1 : 0}${style.size}|${words}`, () => {
      c.font = face(style);
      return c.measureText(words).width;
    });
  }

  /** Text whose left end of baseline is at x, y. */
  function text(words, x, y, style) {
    c.font = face(style);
    if (style.halo) {
      Object.assign(c, { strokeStyle: style.halo, lineWidth: max(2, style.size / 4), lineJoin: "round" });
      c.setLineDash([]);
      c.strokeText(words, x, y);
    }
    c.fillStyle = style.color;
    c.fillText(words, x, y);
  }

  function clip(x, y, w, tall) {
    c.save();
    c.beginPath();
    c.rect(x, y, w, tall);
    c.clip();
  }

  return { face, measure, text, clip, unclip: () => c.restore(), ...strokes(c, finish, coarse) };
}

const round = (value) => Math.round(value * 100) / 100;
const dashed = (dash, width) => dash.map((step) => round(step * width)).join(" ");

const SVG = "http://www.w3.org/2000/svg";

function svgNode(name, attributes, text = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

/** Draws at the end of an SVG element; a canvas measures its text. */
function svgPen(root, ruler = null) {
  const path = writtenPath((letter, points) => letter + points.map(round).join(" "));
  let at = root;

  function finish({ alpha, fill, stroke, width, dash, evenodd }) {
    const attributes = { d: path.d, fill: fill || "none", opacity: alpha };
    if (evenodd) attributes["fill-rule"] = "evenodd";
    if (stroke) Object.assign(attributes, { stroke, "stroke-width": round(width), "stroke-linejoin": "round", "stroke-dasharray": dashed(dash, width) });
    at.append(svgNode("path", attributes));
  }

  function text(words, x, y, style) {
    const attributes = { x: round(x), y: round(y), "font-size": style.size, fill: style.color };
    if (style.bold) attributes["font-weight"] = 600;
    if (style.halo) {
      Object.assign(attributes, { stroke: style.halo, "stroke-width": style.size / 4, "stroke-linejoin": "round", "paint-order": "stroke" });
    }
    at.append(svgNode("text", attributes, words));
  }

  function clip(x, y, w, h) {
    const shape = svgNode("clipPath", { id: "clip" });
    shape.append(svgNode("rect", { x, y, width: w, height: h }));
    at = svgNode("g", { "clip-path": "url(#clip)" });
    root.append(shape, at);
  }

  return { root, text, clip, unclip() { at = root; }, measure: ruler && ruler.measure, ...strokes(path, finish) };
}

/* The upper half of the encoding of the PDF standard fonts. */
const UPPER = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 128 }, (_, i) => 128 + i));
/* Height in dots of letters that are drawn as pictures. */
const DOTS = 72;
/* Readers refuse a glyph that means more than 512 letters. */
const LONGEST_RUN = 100;

/** Text in that encoding, or null when a letter is not in it. */
function winAnsi(text) {
  let result = "";
  for (const char of text.normalize("NFC").replace(/[\u202f\u2009]/g, "\u00a0").replace(/−/g, "–")) {
    const place = UPPER.indexOf(char);
    if (place < 0 && char > "~") return null;
    result += place < 0 ? char : String.fromCharCode(128 + place);
  }
  return result;
}

/** Runs of words in that encoding, and of words in other letters; the latter short, since one glyph stands for a run. */
function runsOf(text) {
  const runs = [];
  let known;
  for (const word of text.match(/[^ ]* |[^ ]+/g) || []) {
    const now = winAnsi(word) !== null, last = runs.length - 1;
    if (now === known && (now || runs[last].length < LONGEST_RUN)) runs[last] += word;
    else runs.push(word);
    known = now;
  }
  return runs;
}

/** UTF-16 as PDF writes it. */
const hexText = (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0")).join("");

const stream = (body, about = "") => `<< ${about}/Length ${body.length} >>\nstream\n${body}\nendstream`;

/** One page, two standard fonts, and a font of one glyph for each text in other letters; all can be selected. */
function pdfPen(ruler, across, tall, scale) {
  const out = [`${scale} 0 0 ${scale} 0 0 cm`], down = tall / scale, alphas = new Map(), added = new Map(), extra = [];
  const p = (x, y) => `${round(x)} ${round(down - y)}`;
  let last = [];
  const path = writtenPath((letter, points) => {
    const [fromX, fromY] = last, [x, y, toX, toY] = points, toward = (end, by) => end + (by - end) * 2 / 3;
    last = points.slice(-2);
    return letter === "Q" ? `${p(toward(fromX, x), toward(fromY, y))} ${p(toward(toX, x), toward(toY, y))} ${p(toX, toY)} c `
      : letter === "Z" ? "h " : `${p(x, y)} ${letter.toLowerCase()} `;
  });

  function color(hex, verb) {
    const part = (i) => round(parseInt(hex.slice(i, i + 2), 16) / 255);
    return `${part(1)} ${part(3)} ${part(5)} ${verb}`;
  }

  function finish({ alpha, fill, stroke, width, dash, evenodd }) {
    out.push(`q /${once(alphas, round(alpha), () => `G${alphas.size}`)} gs 1 j`);
    if (fill) out.push(color(fill, "rg"));
    if (stroke) out.push(`${color(stroke, "RG")} ${round(width)} w [${dashed(dash, width)}] 0 d`);
    out.push(path.d, fill ? (stroke ? "B" : "f") + (evenodd ? "*" : "") : "S", "Q");
  }

  function write(text, x, y, style) {
    for (const run of runsOf(text)) {
      writeRun(run, x, y, style);
      x += ruler.measure(run, style);
    }
  }

  /** The halo is no text for those who copy or listen. */
  function writeRun(text, x, y, style) {
    const coded = winAnsi(text), em = style.size, at = p(x, y), ink = color(style.color, "rg");
    const halo = style.halo && `/Artifact BMC q ${color(style.halo, coded === null ? "rg" : "RG")} `;
    if (coded === null) {
      const place = `${em / DOTS} 0 0 ${em / DOTS} ${at} cm`;
      if (halo) out.push(`${halo}${place} ${picture(text, style, true)} Q EMC`);
      out.push(`q ${ink} BT /${glyph(text, style)} ${em} Tf ${at} Td (A) Tj ET Q`);
      return;
    }
    const show = (mode) => `BT ${mode} Tr /F${style.bold ? 1 : 0} ${em} Tf ${at} Td (${coded.replace(/[\\()]/g, "\\$&")}) Tj ET`;
    if (halo) out.push(`${halo}1 j ${round(em / 4)} w [] 0 d ${show(1)} Q EMC`);
    out.push(`q ${ink} ${show(0)} Q`);
  }

  /** Keep an object of the file, and return its reference. */
  const object = (body) => `${extra.push(body) + 7} 0 R`;

  /** A text drawn by the browser, as a mask of dots; returns the operators that paint it, baseline at the origin. */
  function picture(text, style, halo) {
    const { face, edge, width, height } = dots(text, style), reference = once(added, `I${halo ? 1 : 0}${face}${text}`, () => {
      const c = h("canvas", { width, height }).getContext("2d");
      Object.assign(c, { font: face, lineWidth: DOTS / 4, lineJoin: "round" });
      c[halo ? "strokeText" : "fillText"](text, edge, DOTS * 1.1);
      const { data } = c.getImageData(0, 0, width, height), bits = new Uint8Array(width * height / 8);
      for (let i = 0; i < width * height; i++) if (data[4 * i + 3] > 127) bits[i >> 3] |= 128 >> (i & 7);
      return object(stream(Array.from(bits, (byte) => String.fromCharCode(byte)).join(""),
        `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ImageMask true /Decode [1 0] `));
    });
    return `${width} 0 0 ${height} ${-edge} ${DOTS * 1.1 - height} cm /I${parseInt(reference, 10)} Do`;
  }

  function dots(text, style) {
    const size = { size: DOTS, bold: style.bold }, edge = DOTS / 8;
    const advance = ruler.measure(text, size), width = ceil((advance + 2 * edge) / 8) * 8;
    return { face: ruler.face(size), edge, advance, width, height: ceil(DOTS * 1.5) };
  }

  /** A font whose letter A is that picture, and means that text. */
  function glyph(text, style) {
    const { face, advance, edge, width, height } = dots(text, style), reference = once(added, `X${face}${text}`, () => {
      const image = picture(text, style), low = DOTS * 1.1 - height;
      const proc = object(stream(`${round(advance)} 0 ${-edge} ${low} ${width} ${DOTS * 1.1} d1 ${image}`));
      const meaning = object(stream("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        + `1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <${hexText(text)}> endbfchar endcmap end end`));
      return object(`<< /Type /Font /Subtype /Type3 /FontBBox [${-edge} ${low} ${width} ${DOTS * 1.1}] /FontMatrix [${1 / DOTS} 0 0 ${1 / DOTS} 0 0] `
        + `/FirstChar 65 /LastChar 65 /Widths [${round(advance)}] /Encoding << /Type /Encoding /Differences [65 /A] >> /CharProcs << /A ${proc} >> `
        + `/Resources << /XObject << ${named("I")} >> >> /ToUnicode ${meaning} >>`);
    });
    return `X${parseInt(reference, 10)}`;
  }

  /** Names and references of the pictures (I) or of the fonts (X) made so far. */
  const named = (kind) => [...added].filter(([key]) => key[0] === kind).map(([, reference]) => `/${kind}${parseInt(reference, 10)} ${reference}`).join(" ");

  /** The file as bytes: objects, then the table that says where each begins. */
  function bytes(title, lang) {
    const states = [...alphas].map(([alpha, name]) => `/${name} << /CA ${alpha} /ca ${alpha} >>`).join(" ");
    const font = (name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
    const objects = [
      `<< /Type /Catalog /Pages 2 0 R /Lang (${lang}) /ViewerPreferences << /DisplayDocTitle true >> >>`,
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${round(across)} ${round(tall)}] /Contents 4 0 R /Resources << `
        + `/Font << /F0 5 0 R /F1 6 0 R ${named("X")} >> /XObject << ${named("I")} >> /ExtGState << ${states} >> >> >>`,
      stream(out.join("\n")), font("Helvetica"), font("Helvetica-Bold"), `<< /Title <feff${hexText(title)}> /Producer (reseau_territorial) >>`, ...extra,
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
  return {
    text: write, bytes, measure: ruler.measure, unclip() { out.push("Q"); },
    clip(x, y, w, h) { out.push(`q ${round(x)} ${round(down - y - h)} ${round(w)} ${round(h)} re W n`); }, ...strokes(path, finish),
  };
}
