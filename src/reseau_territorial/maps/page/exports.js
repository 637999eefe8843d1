/* Files that the reader takes away. Everything is made in the page: nothing is sent. */

const EXPORT_DPI = 300;
/* The chunk that says 11811 dots per metre (300 dpi), with its checksum. */
const RESOLUTION = Uint8Array.from([0, 0, 0, 9, 112, 72, 89, 115, 0, 0, 46, 35, 0, 0, 46, 35, 1, 120, 165, 63, 118]);
const PNG_HEADER = 33;

/** What can be taken away, as functions; `format` is the paper. */
function exporter(model, camera) {
  const { data } = model, { title, lang, words } = data, paper = { format: "A3" };
  const base = fold(title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "carte";
  const ruler = () => new CanvasPen(document.createElement("canvas").getContext("2d"), PRINT_FONT);

  function download(end, parts, type) {
    const url = URL.createObjectURL(new Blob(parts, { type })), link = h("a", { href: url, download: base + end });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 30000);
  }

  /** The sheet drawn by the pen that `make` gives for its width and height, in points. */
  function sheet(make) {
    const [width, height] = PAPER[paper.format], pen = make(width, height);
    drawSheet(pen, model, camera, width, height);
    return pen;
  }

  function svg() { return sheet((width, height) => svgPen(ruler(), width, height, title, data.summary.join(" "))).root; }

  function saveSvg() {
    const root = svg();
    ["width", "height"].forEach((name, i) => root.setAttribute(name, `${PAPER[paper.format][i]}pt`));
    download(".svg", ['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(root)], "image/svg+xml");
  }

  function savePdf() {
    download(".pdf", [sheet((width, height) => pdfPen(ruler(), width, height)).bytes(title, lang)], "application/pdf");
  }

  function savePng() {
    const canvas = document.createElement("canvas"), scale = EXPORT_DPI / 72;
    sheet((width, height) => {
      canvas.width = Math.ceil(width * scale);
      canvas.height = Math.ceil(height * scale);
      const context = canvas.getContext("2d");
      context.scale(scale, scale);
      return new CanvasPen(context, PRINT_FONT);
    });
    // With its resolution written in, the picture opens at A3 and not as a poster.
    canvas.toBlob((blob) => download(".png", [blob.slice(0, PNG_HEADER), RESOLUTION, blob.slice(PNG_HEADER)], "image/png"));
  }

  function saveCsv(columns, rows, name) {
    const cell = (value, numeric) => {
      if (numeric) return value === value ? String(value).replace(".", ",") : "";
      const text = String(value), safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
      return /[;"\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
    };
    const lines = [columns.map((column) => cell(column.label)).join(";")];
    for (const row of rows) lines.push(columns.map((column) => cell(column.value(row), column.numeric)).join(";"));
    download(`-${name}.csv`, [`\ufeff${lines.join("\r\n")}\r\n`], "text/csv");
  }

  function saveGexf() {
    const esc = (text) => String(text).replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
    const rgb = (hex) => ["r", "g", "b"].map((name, i) => ` ${name}="${parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16)}"`).join("");
    const attribute = (name, i, type) => `<attribute id="${i}" title="${esc(name)}" type="${type || "string"}"/>`;
    const value = (i, text) => `<attvalue for="${i}" value="${esc(text)}"/>`;
    const out = ['<?xml version="1.0" encoding="UTF-8"?>',
      '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
      '<graph defaultedgetype="undirected"><attributes class="node">',
      ["kind", "territory", "group"].map((name, i) => attribute(name, i)).join(""),
      data.metrics.map((metric, i) => attribute(metric.label, i + 3, "double")).join(""), '</attributes><attributes class="edge">',
      ["layer", "period", "status"].map((name, i) => attribute(name, i)).join(""), "</attributes><nodes>"];
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
    download(".gexf", [out.join("\n")], "application/gexf+xml");
  }

  /** The Python that gives the same view again, and in a comment what only the page can do. */
  function code() {
    const { state } = model, quote = (text) => JSON.stringify(text), filters = [], options = [], rest = [];
    const some = (name, flags, list) => {
      if (flags.includes(false)) filters.push(`${name}=[${list.filter((_, i) => flags[i]).map(quote).join(", ")}]`);
    };
    const keys = (list) => list.map((item) => item.key), colors = keys(data.colors);
    some("layer", state.layers, keys(data.layers));
    some("kind", state.kinds, keys(data.kinds));
    if (data.color_key !== "family" && !colors.includes("")) some(data.color_key, state.colors, colors);
    else if (state.colors.includes(false)) rest.push(data.color_label);
    if (data.counts.absent + data.counts.unknown) some("status", state.status, ["present", "absent", "unknown"]);
    if (model.comparing()) rest.push(words.compare);
    else if (state.period >= 0) filters.push(`period=${quote(data.period_keys[state.period])}`);
    if (state.level > 0) filters.push(`level=[${[1, 2, 3, 4].filter((level) => level >= state.level).join(", ")}]`);
    if (state.territory >= 0) filters.push(`${data.territory_column}=${quote(data.territory_keys[state.territory])}`);
    if (state.threshold > 0) rest.push(`${words.threshold} ${state.threshold}`);
    if (state.selected >= 0) rest.push(`${words.code_selected} (${model.name[state.selected]})`);
    if (data.metrics.length && model.n) options.push(`size=${quote(data.metrics[state.metric].key)}`);
    if (data.by) options.push(`by=${quote(data.by)}`);
    if (data.layout !== "groups") options.push(`layout=${quote(data.layout)}`);
    if (lang !== "fr") options.push(`lang=${quote(lang)}`);
    const comment = rest.length ? `\n# ${fill(words.code_rest, { what: rest.join(", ") })}` : "";
    return `rt.explore(net${filters.length ? `.select(${filters.join(", ")})` : ""}, ${[`color=${quote(data.color_key)}`, ...options].join(", ")})${comment}`;
  }

  return Object.assign(paper, { svg, saveSvg, savePdf, savePng, saveCsv, saveGexf, code });
}
