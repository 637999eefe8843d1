/* Files that the reader takes away. Everything is made in the page: nothing is sent. */

const EXPORT_DPI = 300;

function download(name, parts, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 30000);
}

class Exporter {
  constructor(model, camera) {
    this.model = model;
    this.camera = camera;
    this.format = "A3";
    this.words = model.data.words;
  }

  get base() { return fold(this.model.data.title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "carte"; }

  ruler() { return new CanvasPen(document.createElement("canvas").getContext("2d"), PRINT_FONT); }

  svg() {
    const [width, height] = PAPER[this.format], { title, summary } = this.model.data;
    const pen = new SvgPen(this.ruler(), width, height, title, summary.join(" "));
    new Sheet(pen, this.model, this.camera, width, height).draw();
    return pen.root;
  }

  saveSvg() {
    const root = this.svg(), [width, height] = PAPER[this.format];
    root.setAttribute("width", `${width}pt`);
    root.setAttribute("height", `${height}pt`);
    download(`${this.base}.svg`, ['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(root)], "image/svg+xml");
  }

  savePdf() {
    const [width, height] = PAPER[this.format], pen = new PdfPen(this.ruler(), width, height);
    new Sheet(pen, this.model, this.camera, width, height).draw();
    download(`${this.base}.pdf`, [pen.bytes(this.model.data.title, this.model.data.lang)], "application/pdf");
  }

  savePng() {
    const [width, height] = PAPER[this.format], scale = EXPORT_DPI / 72, canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    new Sheet(new CanvasPen(context, PRINT_FONT), this.model, this.camera, width, height).draw();
    // With its resolution written in, the picture opens at A3 and not as a poster.
    canvas.toBlob((blob) => download(`${this.base}.png`, [blob.slice(0, PNG_HEADER), RESOLUTION, blob.slice(PNG_HEADER)], "image/png"));
  }

  saveCsv(columns, rows, name) {
    const cell = (value, numeric) => {
      if (numeric) return value === value ? String(value).replace(".", ",") : "";
      const text = String(value), safe = /^[\s]*[=+\-@]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text;
      return /[;"\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
    };
    const lines = [columns.map((column) => cell(column.label)).join(";")];
    for (const row of rows) lines.push(columns.map((column) => cell(column.value(row), column.numeric)).join(";"));
    download(`${this.base}-${name}.csv`, [`\ufeff${lines.join("\r\n")}\r\n`], "text/csv");
  }

  saveGexf() {
    const { model } = this, { data } = model;
    const esc = (text) => String(text).replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
    const rgb = (hex) => ["r", "g", "b"].map((name, i) => ` ${name}="${parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16)}"`).join("");
    const attribute = (title, i, type) => `<attribute id="${i}" title="${esc(title)}" type="${type || "string"}"/>`;
    const value = (i, text) => `<attvalue for="${i}" value="${esc(text)}"/>`;
    const out = ['<?xml version="1.0" encoding="UTF-8"?>',
      '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
      '<graph defaultedgetype="undirected"><attributes class="node">',
      ["kind", "territory", "group"].map((title, i) => attribute(title, i)).join(""),
      data.metrics.map((metric, i) => attribute(metric.label, i + 3, "double")).join(""), '</attributes><attributes class="edge">',
      ["layer", "period", "status"].map((title, i) => attribute(title, i)).join(""), "</attributes><nodes>"];
    for (let a = 0; a < model.n; a++) if (model.actorOn[a]) {
      out.push(`<node id="${a}" label="${esc(model.name[a])}"><attvalues>${value(0, model.kindName(a))}`
        + value(1, model.territoryName(a)) + value(2, model.groupName(a))
        + model.metrics.map(({ values }, i) => (values[a] === values[a] ? value(i + 3, values[a]) : "")).join("")
        + `</attvalues><viz:color${rgb(data.themes.light.colors[model.color[a]])}/><viz:position x="${model.x[a]}" y="${-model.y[a]}" z="0"/></node>`);
    }
    out.push("</nodes><edges>");
    for (let i = 0; i < model.m; i++) if (model.tieOn[i]) {
      out.push(`<edge id="${i}" source="${model.source[i]}" target="${model.target[i]}" weight="${model.weight[i]}" `
        + `type="${data.layers[model.layer[i]].directed ? "" : "un"}directed"><attvalues>${value(0, model.layerName(i))}`
        + `${value(1, model.periodName(i))}${value(2, model.statusName(i))}</attvalues></edge>`);
    }
    out.push("</edges></graph></gexf>\n");
    download(`${this.base}.gexf`, [out.join("\n")], "application/gexf+xml");
  }

  /** The Python that gives the same selection again. */
  code() {
    const { state, data, n } = this.model, filters = [], quote = (text) => JSON.stringify(text);
    const kept = (flags, list) => list.filter((_, i) => flags[i]).map((item) => quote(item.key)).join(", ");
    if (state.layers.includes(false)) filters.push(`layer=[${kept(state.layers, data.layers)}]`);
    if (state.kinds.includes(false)) filters.push(`kind=[${kept(state.kinds, data.kinds)}]`);
    if (state.period >= 0) filters.push(`period=${quote(data.period_keys[state.period])}`);
    if (state.level > 0) filters.push(`level=[${[1, 2, 3, 4].filter((level) => level >= state.level).join(", ")}]`);
    if (state.territory >= 0) filters.push(`${data.territory_column}=${quote(data.territory_keys[state.territory])}`);
    const size = data.metrics.length && n ? `, size=${quote(data.metrics[state.metric].key)}` : "";
    return `rt.explore(net${filters.length ? `.select(${filters.join(", ")})` : ""}, color=${quote(data.color_key)}${size})`;
  }
}

/* The chunk that says 11811 dots per metre (300 dpi), with its checksum. */
const RESOLUTION = Uint8Array.from([0, 0, 0, 9, 112, 72, 89, 115, 0, 0, 46, 35, 0, 0, 46, 35, 1, 120, 165, 63, 118]);
const PNG_HEADER = 33;
