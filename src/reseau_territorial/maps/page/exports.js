/* Files that the reader takes away. Everything is made in the page: nothing is sent. */

const EXPORT_DPI = 300;
/* The chunk that says 11811 dots per metre (300 dpi), with its checksum. */
const RESOLUTION = Uint8Array.from([0, 0, 0, 9, 112, 72, 89, 115, 0, 0, 46, 35, 0, 0, 46, 35, 1, 120, 165, 63, 118]);
const PNG_HEADER = 33;
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** What can be taken away, as functions; `format` is the paper. */
function exporter(model, camera, lists) {
  const { data } = model, { title, lang, words } = data, paper = { format: "A3" };
  const base = fold(title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "carte";
  const ruler = () => canvasPen(h("canvas").getContext("2d"), PRINT_FONT);

  function download(end, parts, type) {
    const url = URL.createObjectURL(new Blob(parts, { type })), link = h("a", { href: url, download: base + end });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 30000);
  }

  /** The sheet drawn by the pen that `make` gives for its width and height, in points, and its scale. */
  function sheet(make) {
    const [width, height, scale] = PAPER[paper.format], pen = make(width, height, scale);
    drawSheet(pen, model, camera, width / scale, height / scale);
    return pen;
  }

  const svg = () => sheet((width, height, scale) => {
    const root = svgNode("svg", { viewBox: `0 0 ${width / scale} ${height / scale}`, role: "img", "font-family": PRINT_FONT, "aria-label": title });
    root.append(svgNode("title", {}, title), svgNode("desc", {}, data.summary.join(" ")));
    return svgPen(root, ruler());
  }).root;

  function saveSvg() {
    const root = svg();
    ["width", "height"].forEach((name, i) => root.setAttribute(name, `${PAPER[paper.format][i]}pt`));
    download(".svg", [XML, new XMLSerializer().serializeToString(root)], "image/svg+xml");
  }

  function savePdf() {
    download(".pdf", [sheet((...size) => pdfPen(ruler(), ...size)).bytes(title, lang)], "application/pdf");
  }

  function savePng() {
    const canvas = h("canvas"), dots = EXPORT_DPI / 72;
    sheet((width, height, scale) => {
      canvas.width = ceil(width * dots);
      canvas.height = ceil(height * dots);
      const context = canvas.getContext("2d");
      context.scale(dots * scale, dots * scale);
      return canvasPen(context, PRINT_FONT);
    });
    // With its resolution written in, the picture opens at A3 and not as a poster.
    canvas.toBlob((blob) => download(".png", [blob.slice(0, PNG_HEADER), RESOLUTION, blob.slice(PNG_HEADER)], "image/png"));
  }

  function saveCsv({ columns, rows, file }) {
    const cell = (value, numeric) => {
      if (numeric) return value === value ? String(value).replace(".", ",") : "";
      const text = String(value), safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
      return /[;"\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
    };
    const lines = [columns.map((column) => cell(column.label)).join(";")];
    for (const row of rows()) lines.push(columns.map((column) => cell(column.value(row), column.numeric)).join(";"));
    download(`-${file}.csv`, [`\ufeff${lines.join("\r\n")}\r\n`], "text/csv");
  }

  function saveGexf() {
    const esc = (text) => String(text).replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
    const rgb = (hex) => ["r", "g", "b"].map((name, i) => ` ${name}="${parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16)}"`).join("");
    // The columns of the tables, each once, but for the names of actors, which the graph has by itself.
    const [ofActors, ofTies] = lists.map(({ columns }) => columns.filter(({ actor, key }, i) => !actor && columns.findIndex((each) => each.key === key) === i));
    const attribute = ({ key, numeric }, i) => `<attribute id="${i}" title="${esc(key)}" type="${numeric ? "double" : "string"}"/>`;
    const declared = (what, columns) => `<attributes class="${what}">${columns.map(attribute).join("")}</attributes>`;
    const known = (row) => ({ code: read }, i) => {
      const said = read(row);
      return said === "" || said !== said ? "" : `<attvalue for="${i}" value="${esc(said)}"/>`;
    };
    const values = (columns, row) => `<attvalues>${columns.map(known(row)).join("")}</attvalues>`, directed = (layer) => layer.directed;
    // The last version that NetworkX knows, hence `read_graph`; Gephi reads it too.
    const out = [XML, '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">',
      `<graph defaultedgetype="${data.layers.every(directed) ? "" : "un"}directed">`, declared("node", ofActors), declared("edge", ofTies), "<nodes>"];
    for (const a of model.actors) {
      out.push(`<node id="${a}" label="${esc(model.name[a])}">${values(ofActors, a)}`
        + `<viz:color${rgb(data.themes.light.colors[model.color[a]])}/><viz:position x="${model.x[a]}" y="${-model.y[a]}" z="0"/></node>`);
    }
    out.push("</nodes><edges>");
    for (const i of model.ties) {
      out.push(`<edge id="${i}" source="${model.source[i]}" target="${model.target[i]}" weight="${model.weight[i]}" `
        + `type="${data.layers[model.layer[i]].directed ? "" : "un"}directed">${values(ofTies, i)}</edge>`);
    }
    out.push("</edges></graph></gexf>\n");
    download(".gexf", [out.join("\n")], "application/gexf+xml");
  }

  /** The Python that gives the same view again, and in a comment what only the page can do. */
  function code() {
    const { state } = model, quote = (text) => JSON.stringify(text), filters = [], rest = [];
    const some = (name, flags, list) => {
      if (flags.includes(false)) filters.push(`${name}=[${list.filter((_, i) => flags[i]).map(quote).join(", ")}]`);
    };
    const keys = (list) => list.map((item) => item.key), colors = keys(data.colors);
    some("layer", state.layers, keys(data.layers));
    some("kind", state.kinds, keys(data.kinds));
    if (data.color_key !== "family" && !colors.includes("")) some(data.color_key, state.colors, colors);
    else if (state.colors.includes(false)) rest.push(data.color_label);
    if (data.counts.absent + data.counts.unknown) some("status", state.status, STATUSES);
    if (model.comparing()) rest.push(words.compare);
    else if (state.period >= 0) filters.push(`period=${quote(data.period_keys[state.period])}`);
    if (state.level > 0) filters.push(`level=[${[1, 2, 3, 4].filter((level) => level >= state.level).join(", ")}]`);
    if (state.territory >= 0) filters.push(`${data.territory_column}=${quote(data.territory_keys[state.territory])}`);
    if (state.threshold > 0) rest.push(`${words.threshold} ${state.threshold}`);
    if (state.selected >= 0) rest.push(`${words.code_selected} (${model.name[state.selected]})`);
    const comment = rest.length ? `\n# ${fill(words.code_rest, { what: rest.join(", ") })}` : "";
    const chosen = filters.length ? `.select(${filters.join(", ")})` : "";
    return `rt.explore(net${chosen}, ${[`color=${quote(data.color_key)}`, `size=${quote(data.metrics[state.metric].key)}`, ...data.arguments].join(", ")})${comment}`;
  }

  return Object.assign(paper, { svg, saveSvg, savePdf, savePng, saveCsv, saveGexf, code });
}
