/* The printed sheet: title, map, legend, figures, sources, on one A3 or A4 landscape page, in points. */

/* Width and height in points, and how much smaller than on A3 things are drawn. */
const PAPER = { A3: [1190.55, 841.89, 1], A4: [841.89, 595.28, 0.82] };
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

/** Draw the whole sheet with a pen, in points of an A3. */
function drawSheet(pen, model, camera, width, height) {
  const { data, state } = model, { words } = data, palette = data.themes.light, { ink, muted } = palette, signs = makeSigns(data, palette);
  const margin = 30, column = 236, box = (x1, y1, x2, y2, color) => pen.polygons([[x1, y1, x2, y1, x2, y2, x1, y2]], { fill: color });

  function map(x, y, w, tall) {
    const own = makeCamera(model);
    own.fit(w, tall, { left: 26, right: 26, top: 26, bottom: 18 });
    // A reader who has moved the map prints what is on the screen.
    if (camera && camera.touched) {
      const ratio = min(w / camera.width, tall / camera.height);
      own.spread(camera.fx, camera.fy);
      Object.assign(own, {
        k: camera.k * ratio, x: w / 2 - (camera.width / 2 - camera.x) * ratio, y: tall / 2 - (camera.height / 2 - camera.y) * ratio,
      });
    }
    own.pan(x, y);
    pen.clip(x, y, w, tall);
    const scene = drawScene(pen, model, own, {
      palette, text: 9.2, largest: 9.5, width: x + w, height: y + tall, left: x + 3, wall: x, ceiling: y,
    });
    scene.names();
    pen.unclip();
    return { k: own.k, tight: scene.tight };
  }

  /** Titles of the legend with their rows: a label, a sign, and the radius that it needs. */
  function legendParts() {
    const { colors, layers, kinds, metrics } = data, kept = (list, flags, row) => list.map((item, i) => flags[i] && row(item, i)).filter(Boolean);
    const coloured = [data.color_label, kept(colors, state.colors, (item, i) => [item.label, signs.color(i)])];
    const typed = [words.kinds, kinds.map((kind, i) => [kind, model.actors.filter((a) => model.kind[a] === i).length])
      .filter((row) => row[1]).map(([kind, n]) => [`${kind.label} (${number(n)})`, signs.kind(kind)])];
    if (model.summary) return [coloured, ...drawn.tight ? [] : [typed], ...overviewParts(model, signs, drawn.k, column / 4)];
    const others = [
      data.framed && [words.sign_frame, signs.frame], data.bridges[0] && [words.sign_bridge, signs.bridge],
      data.unsure && [words.sign_ghost, signs.ghost], [fill(words.sign_size, { metric: metrics[state.metric].label }), (_, x, y, unit) => {
        [2.5, 5].forEach((r, i) => signs.disc({ width: 1 }, r)(pen, x + (8.5 * i - 4) * unit, y, unit));
      }]].filter(Boolean);
    return [coloured, typed, model.comparing()
      ? [`${data.periods[state.period - 1]} → ${data.periods[state.period]}`, data.changes.map((change, i) => [`${change.glyph} ${change.label}`, signs.change(i)])]
      : [words.layers, kept(layers, state.layers, (layer, i) => [layer.label, signs.layer(i)])], [words.signs, others]];
  }

  /** Write the legend, then texts; return where they end. */
  function legend(parts, texts, x, y, w, bottom) {
    let unit = 1;
    const lines = () => texts.flatMap((text) => wrap(pen, text, { size: 9 * unit }, w));
    const tall = ([, , r = 0]) => max(14.5 * unit, 2 * r + 4 * unit);
    for (let turn = 0; turn < 30; turn++) {
      // A long legend is written smaller, so that nothing is left out.
      const rows = parts.flatMap((part) => part[1]).reduce((sum, row) => sum + tall(row), 0);
      unit *= min(1, (bottom - y) / (unit * (20 * parts.length + 11.6 * lines().length + 10) + rows));
    }
    for (const [title, rows] of parts) {
      pen.text(title, x, y + 8 * unit, { size: 10 * unit, bold: true, color: ink });
      y += 14 * unit;
      const style = { size: 9.2 * unit, color: ink };
      for (const row of rows) {
        const [label, sign, r = 0] = row, half = max(14 * unit, r), indent = 2 * half + 8 * unit, high = tall(row);
        sign(pen, x + half, y + high / 2, unit);
        pen.text(shorten(pen, label, style, w - indent), x + indent, y + high / 2 + 3.25 * unit, style);
        y += high;
      }
      y += 6 * unit;
    }
    lines().forEach((text) => pen.text(text, x, y += 11.6 * unit, { size: 9 * unit, color: ink }));
    return y;
  }

  /** Codes, names and numbers of the groups, in columns. */
  function index(list, x, y, w, bottom, columns) {
    const rows = ceil(list.length / columns), step = min(13, (bottom - y - 16) / rows), size = step / 1.5, wide = (w + 12) / columns, style = { size, color: ink };
    pen.text(words.index, x, y + 8, { size: 10, bold: true, color: ink });
    list.forEach(({ code, label, n }, i) => {
      const left = x + wide * floor(i / rows), at = y + 14 + step * (i % rows + 1), count = number(n), end = left + wide - 12 - pen.measure(count, style);
      pen.text(code, left, at, { ...style, bold: true });
      pen.text(shorten(pen, label, style, end - left - 2.6 * size), left + 2.2 * size, at, style);
      pen.text(count, end, at, { size, color: muted });
    });
  }

  const big = { size: 25, color: ink, bold: true }, tiny = { size: 7.6, color: muted }, step = 9.6;
  const period = state.period >= 0 && `${words.period}${words.colon} ${data.periods[state.period]}`;
  const top = margin + 60, inner = width - 2 * margin, rule = margin + 48;
  const notes = data.notes.flatMap((note) => wrap(pen, note, tiny, inner)).slice(0, 9), foot = height - margin - notes.length * step;
  box(0, 0, width, height, palette.background);
  pen.text(shorten(pen, data.title, big, inner), margin, margin + 18, big);
  pen.text([model.counts(), period, data.date, data.author].filter(Boolean).join(" · "), margin, margin + 38, { size: 11.5, color: muted });
  box(margin, rule, width - margin, rule + 1.5, palette.accent);
  const coded = model.summary ? groupsByCode(data).filter((each) => each.code) : [], many = coded.length > 30, side = many ? 1.8 * column : column;
  const drawn = map(margin, top, inner - side - 14, foot - top - 10), left = width - margin - side, bottom = foot - 8;
  if (many) {
    const half = side / 2 - 8, end = legend(legendParts(), [], left, top, half, bottom);
    index(coded, left, max(end, legend([], data.summary, left + side - half, top, half, bottom)) + 10, side, bottom, 3);
  } else {
    const end = legend(legendParts(), state.scope < 0 ? data.summary : [], left, top, column, bottom - (coded.length && 32 + 15 * coded.length));
    if (coded.length) index(coded, left, end + 16, column, bottom, 1);
  }
  notes.forEach((line, i) => pen.text(line, margin, foot + (i + 1) * step, tiny));
}
