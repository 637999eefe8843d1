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
    const { model, words, model: { data, state } } = this;
    const period = state.period >= 0 && `${words.period}${words.colon} ${data.periods[state.period]}`;
    return [model.counts(), period, data.date, data.author].filter(Boolean).join(" · ");
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

  /** Titles of the legend with their rows: a label, and how to draw its mark around a point. */
  legendParts(unit) {
    const { pen, palette, model: { data, state }, words } = this, { shapes, colors, layers, kinds } = data;
    const mark = (shape, style, r = 5) => (x, y) => pen.shapes(shape, [x, y, r * unit], { stroke: palette.outline, width: 0.8, ...style });
    const line = (stroke, dash) => (x, y) => pen.lines([x - 9 * unit, y, NaN, NaN, x + 11 * unit, y], { width: 1.4, stroke, dash });
    const kept = (list, flags, row) => list.map((item, i) => flags[i] && row(item, i)).filter(Boolean), signs = [];
    if (data.framed) signs.push([fill(words.sign_frame, { by: data.by_label }), mark(shapes.circle, { fill: palette.frame })]);
    if (data.bridges.length) signs.push([words.sign_bridge, mark(shapes.circle, { stroke: palette.ink, width: 1.6 }, 6)]);
    if (data.counts.absent + data.counts.unknown + data.counts.ghosts) {
      signs.push([words.sign_ghost, mark(shapes.circle, { width: 1.4, dash: [1.2, 1.6] })]);
    }
    if (data.metrics.length) {
      signs.push([fill(words.sign_size, { metric: data.metrics[state.metric].label }),
        (x, y) => pen.shapes(shapes.circle, [x - 4 * unit, y, 2.5 * unit, x + 4.5 * unit, y, 5 * unit], { stroke: palette.ink, width: 1 })]);
    }
    const marker = ({ shape, color }) => mark(shapes[shape], shapes[shape].hollow
      ? { stroke: palette.colors[color], width: 2.2 * unit } : { fill: palette.colors[color] });
    return [
      [data.color_label, kept(colors, state.colors, (item, i) => [item.label, mark(shapes.square, { fill: palette.colors[i] })])],
      [words.kinds, kept(kinds, state.kinds, (kind) => [`${kind.label} (${this.number(kind.n)})`, marker(kind)])],
      state.compare && state.period > 0
        ? [`${data.periods[state.period - 1]} → ${data.periods[state.period]}`,
          data.changes.map((change, i) => [`${change.glyph} ${change.label}`, line(palette.changes[i], change.dash)])]
        : [words.layers, kept(layers, state.layers, (layer, i) => [layer.label, line(palette.layers[i], layer.dash)])],
      [words.signs, signs],
    ];
  }

  legend(x, y, width, bottom) {
    const { pen, palette: { ink }, model: { data } } = this, lines = (unit) => data.summary.flatMap(
      (text) => wrap(pen, text, { size: 9 * unit }, width));
    let unit = this.unit;
    for (let turn = 0; turn < 4; turn++) {
      // A long legend is written smaller, so that nothing is left out.
      const parts = this.legendParts(unit), rows = parts.reduce((sum, part) => sum + part[1].length, 0);
      unit *= Math.min(1, (bottom - y) / (unit * (20 * parts.length + 14.5 * rows + 11.6 * lines(unit).length + 10)));
    }
    for (const [title, rows] of this.legendParts(unit)) {
      pen.text(title, x, y + 8 * unit, { size: 10 * unit, bold: true, color: ink });
      y += 14 * unit;
      const style = { size: 9.2 * unit, color: ink };
      for (const [label, draw] of rows) {
        draw(x + 9 * unit, y + 7.25 * unit);
        pen.text(shorten(pen, label, style, width - 26 * unit), x + 24 * unit, y + 10.5 * unit, style);
        y += 14.5 * unit;
      }
      y += 6 * unit;
    }
    lines(unit).forEach((line, i) => pen.text(line, x, y + (i + 1) * 11.6 * unit, { size: 9 * unit, color: ink }));
  }

  /** Sources and caveats, from the bottom up; returns where they begin. */
  footer(x, bottom, width) {
    const style = this.style(7.6, { color: this.palette.muted }), step = 9.6 * this.unit;
    const lines = this.model.data.notes.flatMap((note) => wrap(this.pen, note, style, width)).slice(0, 9);
    lines.forEach((line, i) => this.pen.text(line, x, bottom - (lines.length - 1 - i) * step, style));
    return bottom - lines.length * step;
  }
}
