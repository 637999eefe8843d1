/* The map itself: a camera, what is drawn in which order, and names that never touch each other. */

/* Widths of the four classes of strength of a tie. */
const TIE_WIDTHS = [1.1, 1.7, 2.5, 3.6];
/* Groups may be spread so many times wider, or higher, than they were placed, to fill the view. */
const MOST_SPREAD = 2;
/* Where a name stands around its marker: which way, to the right and down. */
const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.7, -0.7], [0.7, 0.7], [-0.7, -0.7], [-0.7, 0.7]];
const clamp = (value, low, high) => max(low, min(high, value));

/** What of the map is in view: a scale k and a shift, after groups have been spread to the shape of the window. */
function makeCamera(model) {
  const { data, state } = model, { groups } = data;
  const camera = {
    k: 1, fitted: 1, x: 0, y: 0, fx: 1, fy: 1, width: 0, height: 0, touched: false, wx: model.x, wy: model.y, discs: groups.map((group) => [group.x, group.y, group.r]),
    spread, spacing, fit, pan, zoom, show, drag,
  };

  /** Move groups (without frames, actors) apart along an axis: distances only grow, so that discs never meet. */
  function spread(fx, fy) {
    const around = (a) => (data.framed && groups[model.group[a]]) || { x: model.x[a], y: model.y[a] };
    Object.assign(camera, {
      fx, fy, discs: groups.map((group) => [group.x * fx, group.y * fy, group.r]),
      wx: model.x.map((x, a) => x + around(a).x * (fx - 1)), wy: model.y.map((y, a) => y + around(a).y * (fy - 1)),
    });
  }

  /** World box to be seen: everything, whatever the filters hide, or the group or neighbours asked for. */
  function box() {
    const { discs, wx, wy, fx, fy } = camera, all = state.scope < 0 && !state.ego, framed = data.framed && data.spread;
    if (all && !framed) return data.extent.map((value, i) => value * (i % 2 ? fy : fx));
    const seen = framed && !state.ego ? discs.filter((_, g) => all || g === state.scope)
      : [...model.actors].map((a) => [wx[a], wy[a], data.spacing]);
    const end = (turn, i) => turn * seen.reduce((most, disc) => max(most, turn * disc[i] + disc[2]), -Infinity);
    return seen.length ? [end(-1, 0), end(-1, 1), end(1, 0), end(1, 1)] : data.extent;
  }

  /** Width and height of that box. */
  function sides() {
    const [x1, y1, x2, y2] = box();
    return [x2 - x1, y2 - y1];
  }

  /** Typical distance between neighbours: inside a group that has been opened on the ground, its own. */
  function spacing() {
    const [wide, high] = sides();
    return state.scope < 0 || data.spread ? data.spacing : max(data.spacing, sqrt(0.35 * wide * high / max(model.actors.length, 1)));
  }

  /** Spread the groups to the shape of the view. */
  function stretch(ratio) {
    const part = (share, from, to) => clamp(1 + share * from / (to - from) || 1, 1, MOST_SPREAD);
    spread(1, 1);
    const [width, height] = sides();
    spread(2, 2);
    const [wide, high] = sides();
    spread(part(ratio * height / width - 1, width, wide), part(width / height / ratio - 1, height, high));
  }

  function fit(width, height, margin) {
    const { left, top, right, bottom } = margin, w = width - left - right, h = height - top - bottom;
    if (data.spread && state.scope < 0 && !state.ego) stretch(w / h);
    const [x1, y1, x2, y2] = box(), k = max(1e-6, min(w / (x2 - x1 || 1), h / (y2 - y1 || 1)));
    Object.assign(camera, { width, height, k, fitted: k, x: left + (w - k * (x1 + x2)) / 2, y: top + (h - k * (y1 + y2)) / 2 });
  }

  function pan(dx, dy) {
    camera.x += dx;
    camera.y += dy;
    camera.touched = true;
  }

  function zoom(factor, x, y) {
    const k = clamp(camera.k * factor, camera.fitted * 0.4, camera.fitted * 400);
    pan((x - camera.x) * (1 - k / camera.k), (y - camera.y) * (1 - k / camera.k));
    camera.k = k;
  }

  /** See an actor, in the middle when it is out of view. */
  function show(actor) {
    const { width, height, k } = camera, dx = width / 2 - camera.wx[actor] * k - camera.x, dy = height / 2 - camera.wy[actor] * k - camera.y;
    if (abs(dx) > width / 2 - 40 || abs(dy) > height / 2 - 40) pan(dx, dy);
  }

  /** Move an actor by so many pixels. */
  function drag(actor, dx, dy) {
    const { k, fx, fy } = camera;
    model.x[actor] += dx / k / (data.framed ? 1 : fx);
    model.y[actor] += dy / k / (data.framed ? 1 : fy);
    spread(fx, fy);
  }

  return camera;
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
function makeGrid(size) {
  const cells = new Map();

  /** Whether a list of the cells under a box passes a test. */
  function some([x1, y1, x2, y2], test) {
    for (let i = floor(x1 / size); i <= floor(x2 / size); i++) {
      for (let j = floor(y1 / size); j <= floor(y2 / size); j++) if (test(listAt(cells, i * 65536 + j))) return true;
    }
    return false;
  }

  return {
    add: (box) => some(box, (list) => { list.push(box); }),
    touches: (box) => some(box, (list) => list.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])),
  };
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

/** The coordinate at a share of the way along a curve; without a control point (NaN), along a line. */
const along = (t, from, by, to) => (by === by ? (1 - t) * ((1 - t) * from + 2 * t * by) + t * t * to : from + t * (to - from));

/** Distance from a point to a segment. */
function away(x, y, x1, y1, x2, y2) {
  const dx = x2 - x1, dy = y2 - y1, t = clamp(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return hypot(x1 + t * dx - x, y1 + t * dy - y);
}

/* Names are written apart, when the result is asked for them: a map of many names would keep the page from answering. */
/** Draw the map. look: palette, text (size in px), largest (radius in px), width, height, left (no silo named beyond), wall, ceiling (no name beyond), blocked. */
function drawScene(pen, model, camera, look) {
  const { data, state, lit, source, target, layer, inter, degree, summary: overview } = model, { circle } = data.shapes;
  const { palette, width: across, height: down, text: letter } = look, { ink, background } = palette, { k, x: cx, y: cy, discs } = camera;
  const sx = Float32Array.from(camera.wx, (x) => x * k + cx), sy = Float32Array.from(camera.wy, (y) => y * k + cy);
  const r = radii(model, camera, look.largest), gap = clamp(r[0] * 0.9, 1, 5), focus = nearby(), change = model.comparing();
  const plain = { size: letter, color: ink, halo: background }, labels = [], cells = [], taken = makeGrid(60), markers = makeGrid(40), tight = data.disc * k < 30;
  /* About how many ties are in view: beyond 2000, dashes and arrows would only blur the drawing. */
  const crowd = model.ties.length / max(1, k / camera.fitted) ** 2, many = crowd > 2000;

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
    const near = (state.scope >= 0 && data.fine) || data.outlines, rings = near.map((ring) => ring.map((value, i) => value * k + (i % 2 ? cy : cx)));
    pen.polygons(rings, { fill: palette.frame, stroke: palette.frame_line, width: 0.8, evenodd: true });
  }

  function frame(g) {
    return [discs[g][0] * k + cx, discs[g][1] * k + cy, discs[g][2] * k];
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
    const a = source[i], b = target[i], x1 = sx[a], y1 = sy[a], x2 = sx[b], y2 = sy[b];
    const dx = x2 - x1, dy = y2 - y1, length = hypot(dx, dy) || 1;
    const bow = inter[i] && model.ties.length < 12000 ? 0.07 * length : 0;
    const shift = 2 * model.slot[i] * gap + (a < b ? bow : -bow);
    if (shift) flat.push(x1, y1, (x1 + x2) / 2 - dy / length * shift, (y1 + y2) / 2 + dx / length * shift, x2, y2);
    else flat.push(x1, y1, NaN, NaN, x2, y2);
  }

  /** One path per layer, status, strength and change; ties inside a silo first, those between silos over them. */
  function ties() {
    const batches = new Map(), glyphs = [], wanted = chosen();
    for (const i of model.ties) {
      const a = source[i], b = target[i], status = change ? model.change[i] - 1 : model.status[i];
      if (outside(sx[a], sy[a], sx[b], sy[b])) continue;
      const near = wanted ? (wanted(i) ? 2 : 0) : 1;
      // In a crowd, the ties of hubs lie under the others, lighter: they would make one mass.
      const alone = crowd > 500 && max(degree(a), degree(b)) > data.hub ? 0 : 1;
      const key = ((((near * 2 + alone) * 2 + inter[i]) * 4 + status) * 4 + model.strength[i]) * 64 + layer[i];
      // Nothing is made for each of thousands of ties but its curve.
      if (!batches.has(key)) batches.set(key, { flat: [], heads: [], style: tieStyle(i, status, near, alone) });
      const { flat, heads } = batches.get(key);
      bend(flat, i);
      if (!many && near && data.layers[layer[i]].directed) arrow(heads, flat.slice(-6), r[b]);
      if (change && model.ties.length < 150) glyphs.push(glyph(model.change[i], flat.slice(-6)));
    }
    for (const [, { flat, heads, style }] of [...batches].sort((p, q) => p[0] - q[0])) {
      pen.lines(flat, style);
      pen.polygons(heads, { fill: style.stroke, alpha: style.alpha });
    }
    glyphs.forEach((draw) => draw());
  }

  const outside = (x1, y1, x2, y2) => (x1 < 0 && x2 < 0) || (y1 < 0 && y2 < 0) || (x1 > across && x2 > across) || (y1 > down && y2 > down);

  function tieStyle(i, status, near, alone) {
    const calm = clamp(sqrt(200 / (crowd + 1)), 0.2, 1), style = {
      stroke: palette.layers[layer[i]], dash: many ? [] : data.layers[layer[i]].dash,
      alpha: near === 2 ? 1 : near === 0 ? 0.13 : inter[i] ? 0.2 + 0.72 * calm : 0.15 + 0.4 * calm,
      width: TIE_WIDTHS[model.strength[i]] * (0.3 + 0.7 * calm) * (inter[i] ? 1.4 : 1) * (near === 2 ? 1.6 : 1),
    };
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
    const { path } = model, { selected, ego } = state;
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
  function arrow(heads, [x1, y1, bx, by, x2, y2], size) {
    const reach = size * 1.15 + 1, head = clamp(size * 0.8, 3, 7);
    if (hypot(x2 - x1, y2 - y1) < reach + 2 * head) return;
    let vx = x2 - (bx || x1), vy = y2 - (by || y1);
    const norm = hypot(vx, vy);
    vx /= norm; vy /= norm;
    const x = x2 - vx * reach, y = y2 - vy * reach;
    heads.push([x, y, x - (vx + vy * 0.42) * head, y - (vy - vx * 0.42) * head, x - (vx - vy * 0.42) * head, y - (vy + vx * 0.42) * head]);
  }

  /** The written sign of a gained, lost or unknown tie, at its middle. */
  function glyph(code, [x1, y1, bx, by, x2, y2]) {
    const sign = data.changes[code - 1].glyph;
    if (code === CHANGE.KEPT) return () => {};
    const style = { size: letter, bold: true, color: palette.changes[code - 1], halo: background };
    const width = pen.measure(sign, style), x = along(0.5, x1, bx, x2) - width / 2, y = along(0.5, y1, by, y2) + letter / 3;
    taken.add([x, y - letter, x + width, y + 2]);
    return () => pen.text(sign, x, y, style);
  }

  /** The tie under a point, or -1; in a crowd, none. */
  function tieAt(x, y) {
    let best = -1, least = 5;
    if (many) return best;
    for (const i of model.ties) {
      const flat = [];
      bend(flat, i);
      const [x1, y1, bx, by, x2, y2] = flat, at = (t) => [along(t, x1, bx, x2), along(t, y1, by, y2)];
      if (away(x, y, x1, y1, x2, y2) < 60) for (let t = 0; t < 1; t += 0.1) {
        const distance = away(x, y, ...at(t), ...at(t + 0.1));
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
      if (!batches.has(key)) batches.set(key, { flat: [], a, dim });
      batches.get(key).flat.push(sx[a], sy[a], r[a]);
      const size = r[a] * 1.05;
      markers.add([sx[a] - size, sy[a] - size, sx[a] + size, sy[a] + size]);
    }
    for (const [, { flat, a, dim }] of [...batches].sort((p, q) => q[0] - p[0])) {
      const color = palette.colors[model.color[a]], shape = data.shapes[data.kinds[model.kind[a]].shape], hollow = { fill: background, stroke: color };
      const style = model.ghost[a] ? { ...hollow, width: 1.6, dash: [1.2, 1.6] } : shape.hollow ? { ...hollow, width: max(1, r[a] * 0.4) }
        : r[a] < 3 ? { fill: color, stroke: background, width: 0.5 } : { fill: color, stroke: palette.outline, width: 1 };
      pen.shapes(shape, flat, { ...style, alpha: dim ? 0.28 : 1 });
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
    const ring = (flat, stroke, width) => pen.shapes(circle, flat, { stroke, width });
    ring(rings, background, 3.5);
    ring(rings, ink, 1.6);
    ring(held, background, 5);
    ring(held, palette.accent, 3);
  }

  /** The actors to bring forward, or null when all are equal. */
  function nearby() {
    const { selected, ego } = state, near = new Uint8Array(model.n);
    if (lit && lit.key === "layer") {
      for (const i of model.ties) if (layer[i] === lit.value) near[source[i]] = near[target[i]] = 1;
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
          for (let i = 0; i < 61; i++) slice.push(x + size * sin(turn + i * step), y - size * cos(turn + i * step));
          pen.polygons([slice], { fill: palette.colors[color] });
          turn += 60 * step;
        });
        if (code) pen.shapes(circle, [x, y, 0.74 * size], { fill: background });
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
      const hub = degree(a) > data.hub;
      name(a, hub || a === state.selected || a === state.pinned, hub || (focus && !lit));
    };
    first.forEach(attempt);
    for (const a of model.order) {
      if (labels.length >= most || tried >= tries) break;
      if (!first.has(a)) attempt(a);
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
    const d = r[a] + 3 + (model.bridge[a] && state.bridges ? r[a] * 0.3 + 3 : 0);
    place(model.name[a], [letter * 40, letter * 15], height, { ...plain, bold }, (width) => AROUND.map(([dx, dy]) => [
      x + dx * d - width * (1 - Math.sign(dx)) / 2, y + dy * d - height * (1 - dy) / 2]), a, always);
  }

  /** The name and size of each silo, above its disc, else below it or just inside. */
  function frameNames() {
    if (!data.framed || (state.scope >= 0 && !data.spread)) return;
    const height = letter * 1.25, style = { ...plain, bold: true };
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
        const inner = { size: min(letter, 0.8 * size, 2.1 * size / code.length), bold: true, color: ink };
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
      // Among a thousand small discs, no name at all says more than a piece of one.
      [letter * 40, ...overview && small(size) ? [] : [max(2 * size, letter * 8)]].some((room) => place(whole, [room], height, style, places, -1, true));
    }
  }

  function cellNames() {
    for (const { r: size, x, y, count, kind } of cells) {
      const said = number(count), texts = size < letter * 0.9 ? [] : [`${said} ${data.kinds[kind].label}`, said];
      texts.some((text) => place(text, [letter * 40], letter * 1.2, plain, (width) => [[x - width / 2, y + size + 1]], -1));
    }
  }
  (look.blocked || []).forEach((box) => taken.add(box));
  paint();
  return { labels, sx, sy, r, frame, tieAt, names, tight };
}
