/* The map itself: a camera, what is drawn in which order, and names that never touch each other. */

/* Widths of the four classes of strength of a tie. */
const TIE_WIDTHS = [1.1, 1.7, 2.5, 3.6];
/* Groups may be spread so many times wider, or higher, than they were placed, to fill the view. */
const MOST_SPREAD = 2;
const clamp = (value, low, high) => max(low, min(high, value));

class Camera {
  constructor(model) {
    this.model = model;
    this.k = this.fitted = 1;
    this.x = this.y = this.width = this.height = 0;
    this.touched = false;
    this.spread(1, 1);
  }

  /** Move groups (without frames, actors) apart along an axis: distances only grow, so that discs never meet. */
  spread(fx, fy) {
    const { model } = this, { framed, groups } = model.data, around = (a) => (framed && groups[model.group[a]]) || { x: model.x[a], y: model.y[a] };
    this.fx = fx;
    this.fy = fy;
    this.discs = groups.map((group) => [group.x * fx, group.y * fy, group.r]);
    this.wx = model.x.map((x, a) => x + around(a).x * (fx - 1));
    this.wy = model.y.map((y, a) => y + around(a).y * (fy - 1));
  }

  /** World box to be seen: everything, whatever the filters hide, or the group or neighbours asked for. */
  box() {
    const { model, discs, wx, wy } = this, { state, data } = model, all = state.scope < 0 && !state.ego;
    if (all && !(data.spread && data.framed)) return data.extent.map((value, i) => value * (i % 2 ? this.fy : this.fx));
    const framed = data.framed && data.spread && !state.ego, seen = framed ? discs.filter((_, g) => all || g === state.scope)
      : [...model.actors].map((a) => [wx[a], wy[a], data.spacing]);
    const end = (turn, i) => turn * seen.reduce((most, disc) => max(most, turn * disc[i] + disc[2]), -Infinity);
    return seen.length ? [end(-1, 0), end(-1, 1), end(1, 0), end(1, 1)] : data.extent;
  }

  /** Typical distance between neighbours: inside a group that has been opened on the ground, its own. */
  spacing() {
    const { data, state, actors } = this.model, [x1, y1, x2, y2] = this.box();
    return state.scope < 0 || data.spread ? data.spacing : max(data.spacing, sqrt(0.35 * (x2 - x1) * (y2 - y1) / max(actors.length, 1)));
  }

  /** Spread the groups to the shape of the view. */
  fill(ratio) {
    const sides = () => { const [x1, y1, x2, y2] = this.box(); return [x2 - x1, y2 - y1]; };
    this.spread(1, 1);
    const [width, height] = sides(), more = ratio * height / width - 1;
    this.spread(2, 2);
    const [wide, high] = sides();
    const stretch = (share, from, to) => clamp(1 + share * from / (to - from) || 1, 1, MOST_SPREAD);
    this.spread(stretch(more, width, wide), stretch(width / height / ratio - 1, height, high));
  }

  fit(width, height, margin) {
    const { left, top, right, bottom } = margin, { data, state } = this.model, w = width - left - right, h = height - top - bottom;
    if (data.spread && state.scope < 0 && !state.ego) this.fill(w / h);
    const [x1, y1, x2, y2] = this.box();
    this.width = width;
    this.height = height;
    this.k = max(1e-6, min(w / (x2 - x1 || 1), h / (y2 - y1 || 1)));
    this.x = left + (w - this.k * (x1 + x2)) / 2;
    this.y = top + (h - this.k * (y1 + y2)) / 2;
    this.fitted = this.k;
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.touched = true;
  }

  zoom(factor, x, y) {
    const k = clamp(this.k * factor, this.fitted * 0.4, this.fitted * 400);
    this.pan((x - this.x) * (1 - k / this.k), (y - this.y) * (1 - k / this.k));
    this.k = k;
  }

  /** See an actor, in the middle when it is out of view. */
  show(actor) {
    const { width, height } = this, dx = width / 2 - this.wx[actor] * this.k - this.x, dy = height / 2 - this.wy[actor] * this.k - this.y;
    if (abs(dx) > width / 2 - 40 || abs(dy) > height / 2 - 40) this.pan(dx, dy);
  }

  /** Move an actor by so many pixels. */
  drag(actor, dx, dy) {
    const { model, k, fx, fy } = this, { framed } = model.data;
    model.x[actor] += dx / k / (framed ? 1 : fx);
    model.y[actor] += dy / k / (framed ? 1 : fy);
    this.spread(fx, fy);
  }
}

/** How many times the middle radius a share (0 to 1) of the chosen metric makes: surface follows the metric. */
const growth = (share) => sqrt(0.45 + 2 * share);

/** Radius of each actor, in pixels. */
function radii(model, camera, largest) {
  const base = clamp(0.21 * camera.spacing() * camera.k, 1.5, largest), result = new Float32Array(model.n).fill(base);
  const { low, high, values } = model.metrics[model.state.metric];
  for (let a = 0; a < model.n; a++) {
    const share = (values[a] - low) / (high - low);
    result[a] = base * growth(share === share ? share : 0);
  }
  return result;
}

/** Boxes in a grid, to know fast whether a new one touches an old one. */
class Boxes {
  constructor(cell) { this.cell = cell; this.cells = new Map(); }

  each(box, visit) {
    const { cell } = this;
    for (let i = floor(box[0] / cell); i <= floor(box[2] / cell); i++) {
      for (let j = floor(box[1] / cell); j <= floor(box[3] / cell); j++) if (visit(i * 65536 + j)) return true;
    }
    return false;
  }

  add(box) {
    this.each(box, (key) => {
      listAt(this.cells, key).push(box);
      return false;
    });
  }

  touches(box) {
    return this.each(box, (key) => (this.cells.get(key) || []).some((other) => box[0] < other[2]
      && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]));
  }
}

function shorten(pen, text, style, width) {
  if (pen.measure(text, style) <= width) return text;
  const letters = [...text];
  let low = 1, high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pen.measure(`${letters.slice(0, middle).join("").trim()}…`, style) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trim()}…`;
}

/** Distance from a point to a segment. */
function away(x, y, x1, y1, x2, y2) {
  const dx = x2 - x1, dy = y2 - y1, t = clamp(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return hypot(x1 + t * dx - x, y1 + t * dy - y);
}

/* Names are written apart, when the result is asked for them: a map of many names would keep the page from answering. */
/** Draw the map. look: palette, text (size in px), largest (radius in px), width, height, left (no silo named beyond), wall, ceiling (no name beyond), blocked. */
function drawScene(pen, model, camera, look) {
  const { data, state, lit } = model, { palette, width: across, height: down, text: letter } = look, { circle } = data.shapes;
  const sx = Float32Array.from(camera.wx, (x) => x * camera.k + camera.x), sy = Float32Array.from(camera.wy, (y) => y * camera.k + camera.y);
  const r = radii(model, camera, look.largest), gap = clamp(r[0] * 0.9, 1, 5), focus = nearby(), change = model.comparing();
  const labels = [], cells = [], taken = new Boxes(60), markers = new Boxes(40), overview = model.summary, tight = data.disc * camera.k < 30;
  /* About how many ties are in view: beyond 2000, dashes and arrows would only blur the drawing. */
  const crowd = model.ties.length / max(1, camera.k / camera.fitted) ** 2, many = crowd > 2000;

  const inside = (x, y, size) => x + size > 0 && y + size > 0 && x - size < across && y - size < down;

  function paint() {
    if (state.outlines) outlines();
    if (overview) aggregated();
    else {
      if (state.frames && data.spread) frames();
      ties();
      actors();
    }
    if (!model.actors.length) {
      const style = { size: letter * 1.3, color: palette.muted }, text = data.words.nothing;
      pen.text(text, (across - pen.measure(text, style)) / 2, down / 2, style);
    }
  }

  function outlines() {
    const { k, x, y } = camera;
    const near = (state.scope >= 0 && data.fine) || data.outlines, rings = near.map((ring) => ring.map((value, i) => value * k + (i % 2 ? y : x)));
    if (rings.length) pen.polygons(rings, { fill: palette.frame, stroke: palette.frame_line, width: 0.8, evenodd: true });
  }

  function frame(g) {
    const { k, x, y, discs } = camera;
    return [discs[g][0] * k + x, discs[g][1] * k + y, discs[g][2] * k];
  }

  function frames() {
    const flat = [];
    if (!data.framed) return;
    data.groups.forEach((_, g) => {
      if (state.scope < 0 || g === state.scope) flat.push(...frame(g));
    });
    pen.shapes(circle, flat, { fill: palette.frame, stroke: palette.frame_line, width: 1 });
  }

  /** Append a tie to a list of curves: x1, y1, control, x2, y2; without a control point (NaN) it is straight. */
  function bend(flat, i) {
    const a = model.source[i], b = model.target[i], x1 = sx[a], y1 = sy[a], x2 = sx[b], y2 = sy[b];
    const dx = x2 - x1, dy = y2 - y1, length = hypot(dx, dy) || 1;
    const bow = model.inter[i] && model.ties.length < 12000 ? 0.07 * length : 0;
    const shift = 2 * model.slot[i] * gap + (a < b ? bow : -bow);
    if (shift) flat.push(x1, y1, (x1 + x2) / 2 - dy / length * shift, (y1 + y2) / 2 + dx / length * shift, x2, y2);
    else flat.push(x1, y1, NaN, NaN, x2, y2);
  }

  /** One path per layer, status, strength and change; ties inside a silo first, those between silos over them. */
  function ties() {
    const batches = new Map(), arrows = new Map(), glyphs = [], wanted = chosen();
    for (const i of model.ties) {
      const a = model.source[i], b = model.target[i];
      if (outside(sx[a], sy[a], sx[b], sy[b])) continue;
      const near = wanted ? (wanted(i) ? 2 : 0) : 1;
      // In a crowd, the ties of hubs lie under the others, lighter: they would make one mass.
      const alone = many && max(model.degree(a), model.degree(b)) > data.hub ? 0 : 1;
      const key = ((((near * 2 + alone) * 2 + model.inter[i]) * 4 + (change ? model.change[i] - 1 : model.status[i])) * 4 + model.strength[i]) * 64
        + model.layer[i];
      const flat = listAt(batches, key);
      bend(flat, i);
      if (!many && near && data.layers[model.layer[i]].directed) arrow(arrows, key, flat.slice(-6), r[b]);
      if (change && model.ties.length < 150) glyphs.push(glyph(model.change[i], flat.slice(-6)));
    }
    for (const key of [...batches.keys()].sort((p, q) => p - q)) {
      const style = tieStyle(key);
      pen.lines(batches.get(key), style);
      if (arrows.has(key)) pen.polygons(arrows.get(key), { fill: style.stroke, alpha: style.alpha });
    }
    glyphs.forEach((draw) => draw());
  }

  const outside = (x1, y1, x2, y2) => (x1 < 0 && x2 < 0) || (y1 < 0 && y2 < 0) || (x1 > across && x2 > across) || (y1 > down && y2 > down);

  function tieStyle(key) {
    const layer = key % 64, level = (key >> 6) & 3, status = (key >> 8) & 3, inter = (key >> 10) & 1;
    const alone = (key >> 11) & 1, near = key >> 12, style = { stroke: palette.layers[layer], width: TIE_WIDTHS[level], dash: data.layers[layer].dash };
    const calm = clamp(sqrt(200 / (crowd + 1)), 0.2, 1);
    style.alpha = near === 2 ? 1 : near === 0 ? 0.13 : inter ? 0.2 + 0.72 * calm : 0.15 + 0.4 * calm;
    style.width *= (0.3 + 0.7 * calm) * (inter ? 1.4 : 1) * (near === 2 ? 1.6 : 1);
    if (many) style.dash = [];
    if (!alone) style.alpha *= near === 1 ? 0.45 : 1;
    if (change) {
      style.stroke = palette.changes[status];
      style.dash = data.changes[status].dash;
      style.width *= [0.9, 1.7, 1.4, 1.2][status];
    } else if (status !== PRESENT) {
      style.dash = [1.2, 2.6];
      if (status === ABSENT) style.alpha *= 0.8;
    }
    return style;
  }

  /** The test of the ties to bring forward, or null when all are equal. */
  function chosen() {
    const { path, source, target } = model, { selected, ego } = state;
    if (lit) {
      const values = model[lit.key];
      return lit.key === "layer" ? (i) => values[i] === lit.value : (i) => values[source[i]] === lit.value || values[target[i]] === lit.value;
    }
    if (path.length) {
      const steps = new Set(path.map((a, i) => a * model.n + path[i + 1]));
      return (i) => steps.has(source[i] * model.n + target[i]) || steps.has(target[i] * model.n + source[i]);
    }
    return selected >= 0 && !ego ? (i) => source[i] === selected || target[i] === selected : null;
  }

  /** The head of a directed tie, from its last curve, just before the marker of its target. */
  function arrow(arrows, key, [x1, y1, cx, cy, x2, y2], size) {
    const reach = size * 1.15 + 1, head = clamp(size * 0.8, 3, 7);
    if (hypot(x2 - x1, y2 - y1) < reach + 2 * head) return;
    let vx = x2 - (cx || x1), vy = y2 - (cy || y1);
    const norm = hypot(vx, vy);
    vx /= norm; vy /= norm;
    const x = x2 - vx * reach, y = y2 - vy * reach;
    listAt(arrows, key).push([x, y, x - (vx + vy * 0.42) * head, y - (vy - vx * 0.42) * head, x - (vx - vy * 0.42) * head, y - (vy + vx * 0.42) * head]);
  }

  /** The written sign of a gained, lost or unknown tie, at its middle. */
  function glyph(code, [x1, y1, cx, cy, x2, y2]) {
    const sign = data.changes[code - 1].glyph;
    if (code === CHANGE.KEPT) return () => {};
    const style = { size: letter, bold: true, color: palette.changes[code - 1], halo: palette.background };
    const width = pen.measure(sign, style), middle = (from, by, to) => (from + to + 2 * (by || (from + to) / 2)) / 4;
    const x = middle(x1, cx, x2) - width / 2, y = middle(y1, cy, y2) + letter / 3;
    taken.add([x, y - letter, x + width, y + 2]);
    return () => pen.text(sign, x, y, style);
  }

  /** The tie under a point, or -1; in a crowd, none. */
  function tieAt(x, y) {
    let best = -1, least = 5;
    if (many) return best;
    for (const i of model.ties) {
      if (away(x, y, sx[model.source[i]], sy[model.source[i]], sx[model.target[i]], sy[model.target[i]]) > 60) continue;
      const flat = [];
      bend(flat, i);
      const [x1, y1, cx, cy, x2, y2] = flat, at = (t, p, c, q) => (c !== c ? p + t * (q - p) : (1 - t) * ((1 - t) * p + 2 * t * c) + t * t * q);
      for (let t = 0; t < 1; t += 0.1) {
        const distance = away(x, y, at(t, x1, cx, x2), at(t, y1, cy, y2), at(t + 0.1, x1, cx, x2), at(t + 0.1, y1, cy, y2));
        if (distance < least) { least = distance; best = i; }
      }
    }
    return best;
  }

  function actors() {
    const batches = new Map(), faded = state.period >= 0;
    for (const a of model.actors) {
      if (!inside(sx[a], sy[a], r[a])) continue;
      const dim = (focus && !focus[a]) || (faded && !model.linked[a]) ? 1 : 0;
      const key = ((dim * 2 + model.ghost[a]) * 512 + model.kind[a]) * 16 + model.color[a];
      listAt(batches, key).push(sx[a], sy[a], r[a]);
      const size = r[a] * 1.05;
      markers.add([sx[a] - size, sy[a] - size, sx[a] + size, sy[a] + size]);
    }
    for (const key of [...batches.keys()].sort((p, q) => q - p)) {
      const color = palette.colors[key % 16], kind = data.kinds[(key >> 4) & 511], ghost = (key >> 13) & 1, dim = key >> 14;
      const flat = batches.get(key), shape = data.shapes[kind.shape], small = flat[2] < 3;
      const style = { fill: color, stroke: small ? palette.background : palette.outline, width: small ? 0.5 : 1 };
      if (ghost) Object.assign(style, { fill: palette.background, stroke: color, width: 1.6, dash: [1.2, 1.6] });
      else if (shape.hollow) Object.assign(style, { fill: palette.background, stroke: color, width: max(1, flat[2] * 0.4) });
      if (dim) style.alpha = 0.28;
      pen.shapes(shape, flat, style);
    }
    marks();
  }

  /** Rings around bridges, the selected and the pinned actor. */
  function marks() {
    const rings = [], held = [], seen = (a) => a >= 0 && model.actorOn[a];
    for (const { actor: a } of data.bridges) {
      if (state.bridges && seen(a) && (!focus || focus[a])) rings.push(sx[a], sy[a], r[a] * 1.25 + 2.5);
    }
    for (const a of [state.selected, state.pinned, ...model.path]) if (seen(a)) held.push(sx[a], sy[a], r[a] * 1.3 + 6.5);
    pen.shapes(circle, rings, { stroke: palette.background, width: 3.5 });
    pen.shapes(circle, rings, { stroke: palette.ink, width: 1.6 });
    pen.shapes(circle, held, { stroke: palette.background, width: 5 });
    pen.shapes(circle, held, { stroke: palette.accent, width: 3 });
  }

  /** The actors to bring forward, or null when all are equal. */
  function nearby() {
    const { selected, ego } = state, near = new Uint8Array(model.n);
    if (lit && lit.key === "layer") {
      for (const i of model.ties) if (model.layer[i] === lit.value) near[model.source[i]] = near[model.target[i]] = 1;
    } else if (lit) model[lit.key].forEach((value, a) => { near[a] = value === lit.value ? 1 : 0; });
    else if (model.path.length) model.path.forEach((a) => { near[a] = 1; });
    else return selected >= 0 && !ego ? model.around(selected, 1) : null;
    return near;
  }

  /** Ties between groups as bands; over them the groups: small, as rings cut by colour; large, with one marker per type. */
  function aggregated() {
    const { cells: found, links } = overview;
    for (const { a, b, step } of links) {
      const [x1, y1] = frame(a), [x2, y2] = frame(b), [width, alpha] = bandStyle(step);
      pen.lines([x1, y1, NaN, NaN, x2, y2], { stroke: palette.muted, width, alpha });
    }
    frames();
    data.groups.forEach(({ code }, g) => {
      const [x, y, size] = frame(g), list = found.filter((cell) => cell.group === g), total = list.reduce((sum, cell) => sum + cell.count, 0);
      if (tight) {
        const shares = new Map(), reach = 0.7 * size;
        let turn = 0;
        list.forEach(({ color, count }) => shares.set(color, (shares.get(color) || 0) + count));
        shares.forEach((count, color) => {
          const step = PI * count / total / 30, slice = [x, y];
          for (let k = 0; k < 61; k++) slice.push(x + size * sin(turn + k * step), y - size * cos(turn + k * step));
          pen.polygons([slice], { fill: palette.colors[color] });
          turn += 60 * step;
        });
        if (code) pen.shapes(circle, [x, y, 0.74 * size], { fill: palette.background });
        markers.add([x - reach, y - reach, x + reach, y + reach]);
        return;
      }
      list.forEach(({ kind, color, count }, i) => {
        const fill = palette.colors[color], at = 2 * PI * i / list.length - PI / 2, ring = list[1] ? 0.55 * size : 0;
        const cell = { kind, count, x: x + ring * cos(at), y: y + ring * sin(at), r: 0.42 * size * sqrt(count / total) };
        cells.push(cell);
        pen.shapes(data.shapes[data.kinds[kind].shape], [cell.x, cell.y, cell.r], { fill, stroke: palette.outline, width: 0.6 });
      });
    });
  }

  // Names ------------------------------------------------------------------------------------------

  function names() {
    if (state.frames || overview) frameNames();
    if (overview) cellNames();
    if (overview || !state.names) return;
    const most = Math.round(across * down / 3600), tries = model.n > 4000 ? most : 3 * most;
    const first = new Set([state.selected, state.pinned, ...model.path].filter((a) => a >= 0));
    let tried = 0;
    const attempt = (a) => {
      const alone = state.frames && data.framed && data.groups[model.group[a]];
      if (!model.actorOn[a] || (focus && !focus[a]) || !inside(sx[a], sy[a], 0)) return;
      // The frame of an actor on its own already bears its name.
      if (alone && alone.n === 1 && alone.label === model.name[a] && a !== state.selected) return;
      tried++;
      const hub = model.degree(a) > data.hub;
      name(a, hub || a === state.selected || a === state.pinned, hub || (focus && !model.lit));
    };
    first.forEach(attempt);
    for (let k = 0; k < model.n && labels.length < most && tried < tries; k++) {
      if (!first.has(model.order[k])) attempt(model.order[k]);
    }
  }

  /** Write a text in the first box that is free, whole if it can, else shortened; true when it is written. */
  function place(full, widths, height, style, places, actor, loose) {
    for (const strict of loose ? [true, false] : [true]) for (const room of widths) {
      const text = typeof full === "string" ? shorten(pen, full, style, room) : full(room), width = pen.measure(text, style);
      for (const [left, top] of places(width)) {
        const box = [left - 1, top, left + width + 1, top + height];
        if (box[0] < look.wall || box[1] < look.ceiling || box[2] > across || box[3] > down) continue;
        if (taken.touches(box) || (strict && markers.touches(box))) continue;
        taken.add(box);
        labels.push({ text, box, actor });
        pen.text(text, left, top + style.size * 0.98, style);
        return true;
      }
    }
    return false;
  }

  /** Eight places around the marker; a name that would touch another one is not written. */
  function name(a, bold, always) {
    const height = letter * 1.2, x = sx[a], y = sy[a];
    const d = r[a] + 3 + (model.bridge[a] && state.bridges ? r[a] * 0.3 + 3 : 0), e = d * 0.7;
    place(model.name[a], [letter * 40, letter * 15], height, { size: letter, color: palette.ink, halo: palette.background, bold }, (width) => [
      [x + d, y - height / 2], [x - d - width, y - height / 2], [x - width / 2, y - d - height], [x - width / 2, y + d],
      [x + e, y - e - height * 0.8], [x + e, y + e - height * 0.2], [x - e - width, y - e - height * 0.8], [x - e - width, y + e - height * 0.2],
    ], a, always);
  }

  /** The name and size of each silo, above its disc, else below it or just inside. */
  function frameNames() {
    if (!data.framed || (state.scope >= 0 && !data.spread)) return;
    const height = letter * 1.25, style = { size: letter, bold: true, color: palette.ink, halo: palette.background };
    const order = data.groups.map((_, g) => g).filter((g) => state.scope < 0 || g === state.scope)
      .sort((p, q) => data.groups[q].n - data.groups[p].n);
    // A name would hide a small disc; on the ground, where discs meet, it may.
    const small = (size) => size < 2 * letter;
    if (overview && data.spread) {
      for (const [x, y, size] of order.map(frame)) if (small(size)) taken.add([x - size, y - size, x + size, y + size]);
    }
    for (const g of order) {
      const [x, y, size] = frame(g), { label, n, code, short = label } = data.groups[g];
      if (tight && overview && code) {
        const inner = { size: min(letter, 0.8 * size, 2.1 * size / code.length), bold: true, color: palette.ink };
        pen.text(code, x - pen.measure(code, inner) / 2, y + 0.36 * inner.size, inner);
        continue;
      }
      // The name of a disc that is hardly in view would stand in another one.
      if (x + size < look.left + 2 * letter || x - size > across - 2 * letter || !inside(x, y, size)) continue;
      if (size < letter * 1.4 && !(overview && labels.length < 25)) continue;
      const count = ` (${number(n)})`, whole = (room) => {
        const left = room - pen.measure(count, style);
        return shorten(pen, pen.measure(label, style) > left ? short : label, style, left) + count;
      };
      // Above, below, or just inside a disc large enough; beside it; then moved aside, still over its middle. Whole, if anywhere.
      const rows = [y - size - height - 1, y + size + 1, y + size + 4, ...small(size) ? [] : [y - size + 3, y + size - height - 3]];
      const slide = (width, share) => rows.map((top) => [clamp(x - share * width, look.left, max(look.left, across - width - 4)), top]);
      const places = (width) => [...slide(width, 1 / 2), ...overview ? [[x + size + 3, y - height / 2], [x - size - width - 3, y - height / 2]] : [],
        ...slide(width, 1 / 6), ...slide(width, 5 / 6)];
      [letter * 40, max(2 * size, letter * 8)].some((room) => place(whole, [room], height, style, places, -1, true));
    }
  }

  function cellNames() {
    const style = { size: letter, color: palette.ink, halo: palette.background };
    for (const { r: size, x, y, count, kind } of cells) {
      const said = number(count), texts = size < letter * 0.9 ? [] : [`${said} ${data.kinds[kind].label}`, said];
      texts.some((text) => place(text, [letter * 40], letter * 1.2, style, (width) => [[x - width / 2, y + size + 1]], -1));
    }
  }
  (look.blocked || []).forEach((box) => taken.add(box));
  paint();
  return { labels, sx, sy, r, frame, tieAt, names, tight };
}
