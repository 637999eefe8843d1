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

/** Draw the whole sheet with a pen. */
function drawSheet(pen, model, camera, width, height) {
  const { data, state } = model, { words } = data, palette = data.themes.light, { ink, muted } = palette;
  const base = height / 841.89 > 0.8 ? 1 : 0.82, margin = 30 * base, column = 236 * base, number = numbers(data.lang);

  function map(x, y, w, tall) {
    const own = new Camera(model);
    own.fit(w, tall, { left: 26 * base, right: 26 * base, top: 26 * base, bottom: 18 * base });
    // A reader who has moved the map prints what is on the screen.
    if (camera && camera.touched) {
      const ratio = min(w / camera.width, tall / camera.height);
      own.spread(camera.fx, camera.fy);
      own.k = camera.k * ratio;
      own.x = w / 2 - (camera.width / 2 - camera.x) * ratio;
      own.y = tall / 2 - (camera.height / 2 - camera.y) * ratio;
    }
    own.x += x;
    own.y += y;
    pen.clip(x, y, w, tall);
    drawScene(pen, model, own, { palette, text: 9.2 * base, largest: 9.5 * base, width: x + w, height: y + tall, number, left: x + 3, wall: x, ceiling: y }).names();
    pen.unclip();
  }

  /** Titles of the legend with their rows: a label, and how to draw its mark around a point. */
  function legendParts(unit) {
    const { shapes, colors, layers, kinds } = data, kept = (list, flags, row) => list.map((item, i) => flags[i] && row(item, i)).filter(Boolean);
    const mark = (shape, style, r = 5) => (x, y) => pen.shapes(shape, [x, y, r * unit], { stroke: palette.outline, width: 0.8, ...style });
    const line = (stroke, dash) => (x, y) => pen.lines([x - 17 * unit, y, NaN, NaN, x + 17 * unit, y], { width: 1.4, stroke, dash });
    const signs = [];
    if (data.framed) signs.push([fill(words.sign_frame, { by: data.by_label }), mark(shapes.circle, { fill: palette.frame })]);
    if (data.bridges.length) signs.push([words.sign_bridge, mark(shapes.circle, { stroke: ink, width: 1.6 }, 6)]);
    if (data.counts.absent + data.counts.unknown + data.counts.ghosts) {
      signs.push([words.sign_ghost, mark(shapes.circle, { width: 1.4, dash: [1.2, 1.6] })]);
    }
    if (data.metrics.length) {
      signs.push([fill(words.sign_size, { metric: data.metrics[state.metric].label }),
        (x, y) => pen.shapes(shapes.circle, [x - 4 * unit, y, 2.5 * unit, x + 4.5 * unit, y, 5 * unit], { stroke: ink, width: 1 })]);
    }
    const marker = ({ shape, color }) => mark(shapes[shape], shapes[shape].hollow
      ? { stroke: palette.colors[color], width: 2.2 * unit } : { fill: palette.colors[color] });
    return [
      [data.color_label, kept(colors, state.colors, (item, i) => [item.label, mark(shapes.square, { fill: palette.colors[i] })])],
      [words.kinds, kept(kinds, state.kinds, (kind) => [`${kind.label} (${number(kind.n)})`, marker(kind)])],
      model.comparing()
        ? [`${data.periods[state.period - 1]} → ${data.periods[state.period]}`,
          data.changes.map((change, i) => [`${change.glyph} ${change.label}`, line(palette.changes[i], change.dash)])]
        : [words.layers, kept(layers, state.layers, (layer, i) => [layer.label, line(palette.layers[i], layer.dash)])],
      [words.signs, signs],
    ];
  }

  function legend(x, y, w, bottom) {
    const lines = (unit) => data.summary.flatMap((text) => wrap(pen, text, { size: 9 * unit }, w));
    let unit = base;
    for (let turn = 0; turn < 4; turn++) {
      // A long legend is written smaller, so that nothing is left out.
      const parts = legendParts(unit), rows = parts.reduce((sum, part) => sum + part[1].length, 0);
      unit *= min(1, (bottom - y) / (unit * (20 * parts.length + 14.5 * rows + 11.6 * lines(unit).length + 10)));
    }
    for (const [title, rows] of legendParts(unit)) {
      pen.text(title, x, y + 8 * unit, { size: 10 * unit, bold: true, color: ink });
      y += 14 * unit;
      const style = { size: 9.2 * unit, color: ink };
      for (const [label, draw] of rows) {
        draw(x + 17 * unit, y + 7.25 * unit);
        pen.text(shorten(pen, label, style, w - 42 * unit), x + 42 * unit, y + 10.5 * unit, style);
        y += 14.5 * unit;
      }
      y += 6 * unit;
    }
    lines(unit).forEach((line, i) => pen.text(line, x, y + (i + 1) * 11.6 * unit, { size: 9 * unit, color: ink }));
  }

  const big = { size: 25 * base, color: ink, bold: true }, tiny = { size: 7.6 * base, color: muted }, step = 9.6 * base;
  const period = state.period >= 0 && `${words.period}${words.colon} ${data.periods[state.period]}`;
  const top = margin + 60 * base, inner = width - 2 * margin, rule = margin + 48 * base;
  const notes = data.notes.flatMap((note) => wrap(pen, note, tiny, inner)).slice(0, 9), foot = height - margin - notes.length * step;
  pen.polygons([[0, 0, width, 0, width, height, 0, height]], { fill: palette.background });
  pen.text(shorten(pen, data.title, big, inner), margin, margin + 18 * base, big);
  pen.text([model.counts(), period, data.date, data.author].filter(Boolean).join(" · "), margin, margin + 38 * base, { size: 11.5 * base, color: muted });
  pen.polygons([[margin, rule, width - margin, rule, width - margin, rule + 1.5 * base, margin, rule + 1.5 * base]], { fill: palette.accent });
  map(margin, top, inner - column - 14 * base, foot - top - 10 * base);
  legend(width - margin - column, top, column, foot - 8 * base);
  notes.forEach((line, i) => pen.text(line, margin, foot + (i + 1) * step, tiny));
}
