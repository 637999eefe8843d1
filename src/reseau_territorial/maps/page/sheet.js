/* The printed sheet: title, map, legend, figures, sources, on one A3 or A4 landscape page, in points. */

const PAPER = { A3: [1190.55, 841.89], A4: [841.89, 595.28] };
const PRINT_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif";

/** Words of a text in lines no wider than `width`. */
function wrap(pen, text, style, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measure(longer, style) > width) { lines.push(line); line = word; } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

class Sheet {
  constructor(pen, model, camera, width, height) {
    this.pen = pen;
    this.model = model;
    this.camera = camera;
    this.width = width;
    this.height = height;
    this.words = model.data.words;
    this.palette = model.data.themes.light;
    this.unit = height / 841.89 > 0.8 ? 1 : 0.82;
    this.number = new Intl.NumberFormat(model.data.lang).format;
  }

  style(size, more) { return { size: size * this.unit, color: this.palette.ink, ...more }; }

  draw() {
    const { pen, width, height, palette, unit, model: { data } } = this, margin = 30 * unit, column = 236 * unit;
    pen.polygons([[0, 0, width, 0, width, height, 0, height]], { fill: palette.background });
    const big = this.style(25, { bold: true });
    pen.text(shorten(pen, data.title, big, width - 2 * margin), margin, margin + 18 * unit, big);
    pen.text(this.subtitle(), margin, margin + 38 * unit, this.style(11.5, { color: palette.muted }));
    pen.polygons([[margin, margin + 48 * unit, width - margin, margin + 48 * unit, width - margin, margin + 49.5 * unit,
      margin, margin + 49.5 * unit]], { fill: palette.accent });
    const foot = this.footer(margin, height - margin, width - 2 * margin), top = margin + 60 * unit;
    this.map(margin, top, width - 2 * margin - column - 14 * unit, foot - top - 10 * unit);
    this.legend(width - margin - column, top, column, foot - 8 * unit);
  }

  subtitle() {
    const { model } = this, { data, state, shown } = model, parts = [fill(this.words.shown_counts, {
      actors: this.number(shown.actors), n: this.number(model.n), ties: this.number(shown.ties), m: this.number(model.m),
    })];
    if (state.period >= 0) parts.push(`${this.words.period}${this.words.colon} ${data.periods[state.period]}`);
    if (data.date) parts.push(data.date);
    return [...parts, ...[data.author].filter(Boolean)].join(" · ");
  }

  map(x, y, width, height) {
    const { pen, camera, palette, unit, model } = this, own = new Camera(model), size = 9.2 * unit;
    own.fit(width, height, { left: 26 * unit, right: 26 * unit, top: 26 * unit, bottom: 18 * unit });
    // A reader who has moved the map prints what is on the screen.
    if (camera && camera.touched) {
      const ratio = Math.min(width / camera.width, height / camera.height);
      own.k = camera.k * ratio;
      own.x = width / 2 - (camera.width / 2 - camera.x) * ratio;
      own.y = height / 2 - (camera.height / 2 - camera.y) * ratio;
    }
    own.x += x;
    own.y += y;
    pen.clip(x, y, width, height);
    this.scene = new Scene(pen, model, own, {
      palette, text: size, largest: 9.5 * unit, width: x + width, height: y + height, number: this.number, ceiling: y,
    });
    this.scene.draw();
    pen.unclip();
  }

  legend(x, y, width, bottom) {
    const { pen, palette, unit, model: { data, state }, words } = this, row = 14.5 * unit, text = this.style(9.2);
    const shapes = data.shapes, put = (label, marker) => {
      if (y > bottom - row) return;
      marker(x + 9 * unit, y + row / 2);
      pen.text(shorten(pen, label, text, width - 26 * unit), x + 24 * unit, y + row / 2 + 3.2 * unit, text);
      y += row;
    };
    const head = (label) => {
      y += 6 * unit;
      if (y < bottom - 2 * row) pen.text(label, x, y + 8 * unit, this.style(10, { bold: true }));
      y += 14 * unit;
    };
    const mark = (shape, style) => (cx, cy) => pen.shapes(shape, [cx, cy, 5 * unit], { stroke: palette.outline, width: 0.8, ...style });
    const line = (style) => (cx, cy) => pen.lines([cx - 9 * unit, cy, NaN, NaN, cx + 11 * unit, cy], { width: 1.8, ...style });
    y -= 6 * unit;
    head(data.color_label);
    data.colors.forEach((color, i) => state.colors[i] && put(color.label, mark(shapes.square, { fill: palette.colors[i] })));
    head(words.kinds);
    data.kinds.forEach((kind, i) => state.kinds[i] && put(`${kind.label} (${this.number(kind.n)})`,
      mark(shapes[kind.shape], { fill: palette.colors[kind.color] })));
    if (state.compare && state.period > 0) {
      head(`${data.periods[state.period - 1]} → ${data.periods[state.period]}`);
      data.changes.forEach((change, i) => put(`${change.glyph} ${change.label}`, line({ stroke: palette.changes[i], dash: change.dash })));
    } else {
      head(words.layers);
      data.layers.forEach((layer, i) => state.layers[i] && put(layer.unit ? `${layer.label} (${layer.unit})` : layer.label,
        line({ stroke: palette.layers[i], dash: layer.dash })));
    }
    head(words.signs);
    if (data.framed) put(fill(words.sign_frame, { by: data.by_label }), mark(shapes.circle, { fill: palette.frame, stroke: palette.frame_line }));
    if (data.bridges.length) put(words.sign_bridge, (cx, cy) => pen.shapes(shapes.circle, [cx, cy, 3 * unit, cx, cy, 6 * unit], { stroke: palette.ink, width: 1.6 }));
    if (data.counts.absent + data.counts.unknown + data.counts.ghosts) {
      put(words.sign_ghost, mark(shapes.circle, { fill: palette.background, stroke: palette.ink, width: 1.6, dash: [1.2, 1.6] }));
    }
    if (data.metrics.length) put(fill(words.sign_size, { metric: data.metrics[state.metric].label }), (cx, cy) =>
      pen.shapes(shapes.circle, [cx - 4 * unit, cy, 2.5 * unit, cx + 4.5 * unit, cy, 5 * unit], { stroke: palette.ink, width: 1 }));
    y += 8 * unit;
    for (const paragraph of data.summary) {
      for (const piece of wrap(pen, paragraph, this.style(9), width)) {
        if (y > bottom - 8 * unit) return;
        y += 11.6 * unit;
        pen.text(piece, x, y, this.style(9));
      }
      y += 4 * unit;
    }
  }

  /** Sources and caveats, from the bottom up; returns where they begin. */
  footer(x, bottom, width) {
    const style = this.style(7.6, { color: this.palette.muted }), step = 9.6 * this.unit;
    const lines = this.model.data.notes.flatMap((note) => wrap(this.pen, note, style, width)).slice(0, 9);
    lines.forEach((line, i) => this.pen.text(line, x, bottom - (lines.length - 1 - i) * step, style));
    return bottom - lines.length * step;
  }
}

/** Replace {name} in a sentence. */
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
