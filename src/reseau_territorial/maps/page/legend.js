/* The signs of the map, for the panel and for the printed sheet: what each stands for, and how a pen draws it around a point. */

/** The names under which the style sheet holds the colours of a palette: --color-0, --frame-line. */
const property = (key, i) => `--${i === undefined ? key.replace("_", "-") : `${key.slice(0, -1)}-${i}`}`;

/** The same palette, each colour being what the style sheet holds now. */
const themed = (palette) => Object.fromEntries(Object.entries(palette).map(([key, value]) => [key,
  Array.isArray(value) ? value.map((_, i) => `var(${property(key, i)})`) : `var(${property(key)})`]));

/** Signs in the colours of a palette: functions of a pen, a point and a scale. */
function makeSigns(data, look) {
  const { shapes } = data;
  const mark = (shape, style, r = 5.5) => (pen, x, y, unit) => pen.shapes(shape, [x, y, r * unit], { stroke: look.outline, width: 0.8, ...style });
  const line = (stroke, dash, width = 1.5, alpha = 1) => (pen, x, y, unit) => {
    pen.lines([x - 13.5 * unit, y, NaN, NaN, x + 13.5 * unit, y], { stroke, dash, width, alpha });
  };
  const disc = (style, r) => mark(shapes.circle, { stroke: look.ink, width: 1.6, ...style }, r);
  return {
    line, disc,
    color: (i) => mark(shapes.square, { fill: look.colors[i] }),
    kind: ({ shape, color }) => mark(shapes[shape], shapes[shape].hollow ? { stroke: look.colors[color], width: 2.5 } : { fill: look.colors[color] }),
    layer: (i) => line(look.layers[i], data.layers[i].dash),
    change: (i) => line(look.changes[i], data.changes[i].dash),
    band: (step) => line(look.muted, [], ...bandStyle(step)),
    frame: disc({ fill: look.frame, width: 0.6 }), bridge: disc(), ghost: disc({ dash: [1.2, 1.6] }),
  };
}

/** Width and opacity of a class of bands between groups. */
const bandStyle = (step) => [0.7 * 2 ** step, 0.3 + step / 10];

/** What sizes and widths mean on the aggregated map, at a scale: titles, with rows of a label, a sign and the radius that it needs. */
function overviewParts(model, signs, k, largest) {
  const { data, summary } = model, { words, groups } = data, parts = [];
  const top = groups.reduce((best, group) => (group.n > best.n ? group : best)), least = min(...groups.map((group) => group.r));
  // Frames that hold their actors have the size that these need; the others follow the number.
  if (data.layout === "geographic") {
    const most = min(top.n, top.n * (largest / (top.r * k)) ** 2), values = new Set([0.1, 0.35, 1].map((share) => Number((most * share).toPrecision(1))));
    // Below some number of actors all discs are the least: one of them says so.
    const radii = new Map([...values].filter((value) => value >= 1).map((value) => [k * max(least, top.r * sqrt(value / top.n)), value]));
    parts.push([words.sign_discs, [...radii].map(([r, value]) => {
      return [number(value), (pen, x, y) => signs.disc({ width: 1 }, r)(pen, x, y, 1), r];
    })]);
  }
  const steps = new Set(summary.links.map((link) => link.step)), from = (step) => max(1, ceil(summary.most * (step / 3.99) ** 2));
  const last = max(...summary.links.map((link) => link.count));
  parts.push([words.sign_bands, [...steps].map((step) => {
    const low = from(step), high = min(last, from(step + 1) - 1);
    return [low < high ? `${number(low)} – ${number(high)}` : number(low), signs.band(step), 0];
  })]);
  return parts.filter(([, rows]) => rows.length);
}

/** Groups in the order of their codes, else of their names, each with its place in the data. */
const groupsByCode = (data) => data.groups.map((each, at) => ({ code: "", ...each, at }))
  .sort((p, q) => (p.code < q.code ? -1 : p.code > q.code ? 1 : p.label.localeCompare(q.label, data.lang)));
