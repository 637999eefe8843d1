/* The map itself: a camera, what is drawn in which order, and names that never touch each other. */

/* Widths of the four classes of strength of a tie. */
const TIE_WIDTHS = [1.1, 1.7, 2.5, 3.6];
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

class Camera {
  constructor(model) {
    this.model = model;
    this.k = this.fitted = 1;
    this.x = this.y = this.width = this.height = 0;
    this.touched = false;
  }

  /** World box to be seen: everything, whatever the filters hide, or the group or neighbours asked for. */
  box() {
    const { model } = this, { state, data } = model, group = data.groups[state.scope];
    if (group && data.framed) return [group.x - group.r, group.y - group.r, group.x + group.r, group.y + group.r];
    if (!state.ego && !group) return data.extent;
    const seen = model.order.filter((a) => model.actorOn[a]), xs = seen.map((a) => model.x[a]), ys = seen.map((a) => model.y[a]);
    const edge = spacing(model);
    return [Math.min(...xs) - edge, Math.min(...ys) - edge, Math.max(...xs) + edge, Math.max(...ys) + edge];
  }

  fit(width, height, margin) {
    const [x1, y1, x2, y2] = this.box();
    const { left, top, right, bottom } = margin;
    this.width = width;
    this.height = height;
    this.k = Math.max(1e-6, Math.min((width - left - right) / (x2 - x1 || 1), (height - top - bottom) / (y2 - y1 || 1)));
    this.x = left + (width - left - right - this.k * (x1 + x2)) / 2;
    this.y = top + (height - top - bottom - this.k * (y1 + y2)) / 2;
    this.fitted = this.k;
  }

  zoom(factor, x, y) {
    const k = clamp(this.k * factor, this.fitted * 0.4, this.fitted * 400);
    this.x = x - (x - this.x) * k / this.k;
    this.y = y - (y - this.y) * k / this.k;
    this.k = k;
  }

  centre(x, y) {
    this.x = this.width / 2 - x * this.k;
    this.y = this.height / 2 - y * this.k;
  }
}

/** Typical distance between neighbours in world units. */
function spacing(model) {
  if (!model.typical) {
    const { groups, framed } = model.data;
    let area = 0;
    if (framed) for (const group of groups) area += 3 * group.r * group.r;
    else {
      const xs = Float64Array.from(model.x).sort(), ys = Float64Array.from(model.y).sort();
      area = (xs[model.n - 1] - xs[0]) * (ys[model.n - 1] - ys[0]) * 0.35;
    }
    model.typical = Math.sqrt(area / Math.max(model.n, 1)) || 100;
  }
  return model.typical;
}

/** Radius of each actor, in pixels: surface follows the chosen metric. */
function radii(model, k, largest) {
  const base = clamp(0.21 * spacing(model) * k, 1.5, largest), result = new Float32Array(model.n).fill(base);
  const metric = model.metrics[model.state.metric];
  if (!metric) return result;
  const { low, high } = metric;
  for (let a = 0; a < model.n; a++) {
    const value = metric.values[a];
    const share = value === value && high > low ? (value - low) / (high - low) : 0;
    result[a] = base * Math.sqrt(0.45 + 2 * share);
  }
  return result;
}

/** Boxes in a grid, to know fast whether a new one touches an old one. */
class Boxes {
  constructor(cell) { this.cell = cell; this.cells = new Map(); }

  each(box, visit) {
    const { cell } = this;
    for (let i = Math.floor(box[0] / cell); i <= Math.floor(box[2] / cell); i++) {
      for (let j = Math.floor(box[1] / cell); j <= Math.floor(box[3] / cell); j++) if (visit(i * 65536 + j)) return true;
    }
    return false;
  }

  add(box) {
    this.each(box, (key) => {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
      return false;
    });
  }

  touches(box) {
    return this.each(box, (key) => (this.cells.get(key) || []).some((other) => other !== box && box[0] < other[2]
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

class Scene {
  /** look: palette, text (size in px), largest (radius in px), width, height, ceiling (no name above it). */
  constructor(pen, model, camera, look) {
    this.pen = pen;
    this.model = model;
    this.camera = camera;
    this.look = look;
    this.labels = [];
    this.sx = new Float32Array(model.n);
    this.sy = new Float32Array(model.n);
    for (let a = 0; a < model.n; a++) {
      this.sx[a] = model.x[a] * camera.k + camera.x;
      this.sy[a] = model.y[a] * camera.k + camera.y;
    }
    this.r = radii(model, camera.k, look.largest);
    this.taken = new Boxes(60);
    this.markers = new Boxes(40);
  }

  inside(x, y, r) {
    return x + r > 0 && y + r > 0 && x - r < this.look.width && y - r < this.look.height;
  }

  draw() {
    const { model, look } = this, { state } = model;
    if (state.outlines) this.outlines();
    if (state.aggregate && state.scope < 0) {
      this.frames();
      this.aggregated();
    } else {
      if (state.frames) this.frames();
      this.ties();
      this.actors();
    }
    this.names();
    if (!model.shown.actors) {
      const style = { size: look.text * 1.3, color: look.palette.muted }, text = model.data.words.nothing;
      this.pen.text(text, (look.width - this.pen.measure(text, style)) / 2, look.height / 2, style);
    }
  }

  outlines() {
    const { camera: { k, x, y }, model: { data }, look: { palette } } = this;
    const rings = data.outlines.map((ring) => ring.map((value, i) => value * k + (i % 2 ? y : x)));
    if (rings.length) this.pen.polygons(rings, { fill: palette.frame, stroke: palette.frame_line, width: 0.8, evenodd: true });
  }

  frame(group) {
    const { k, x, y } = this.camera;
    return [group.x * k + x, group.y * k + y, group.r * k];
  }

  frames() {
    const { model: { data, state }, look: { palette } } = this, flat = [], circle = data.shapes.circle;
    if (!data.framed) return;
    data.groups.forEach((group, g) => {
      if (state.scope >= 0 && g !== state.scope) return;
      const disc = this.frame(group);
      if (this.inside(...disc)) flat.push(...disc);
    });
    this.pen.shapes(circle, flat, { fill: palette.frame, stroke: palette.frame_line, width: 1.1 });
  }

  /** One path per layer, status, strength and change; ties inside a silo first, those between silos over them. */
  ties() {
    const { model, sx, sy } = this, many = this.crowd() > 2000;
    const batches = new Map(), chosen = this.chosen(), arrows = new Map(), change = model.state.compare && model.state.period > 0;
    const gap = clamp(this.r[0] * 0.9, 1, 5), curved = model.shown.ties < 12000;
    for (let i = 0; i < model.m; i++) {
      if (!model.tieOn[i]) continue;
      const a = model.source[i], b = model.target[i], x1 = sx[a], y1 = sy[a], x2 = sx[b], y2 = sy[b];
      if (this.outside(x1, y1, x2, y2)) continue;
      const focus = chosen ? (chosen(i) ? 2 : 0) : 1;
      const key = (((focus * 2 + model.inter[i]) * 4 + (change ? model.change[i] - 1 : model.status[i])) * 4 + model.strength[i]) * 64
        + model.layer[i];
      let flat = batches.get(key);
      if (!flat) batches.set(key, flat = []);
      const bend = curved && model.inter[i] ? 0.07 : 0, dx = x2 - x1, dy = y2 - y1, length = Math.hypot(dx, dy) || 1;
      const shift = 2 * model.slot[i] * gap + bend * length * (a < b ? 1 : -1);
      if (shift) flat.push(x1, y1, (x1 + x2) / 2 - dy / length * shift, (y1 + y2) / 2 + dx / length * shift, x2, y2);
      else flat.push(x1, y1, NaN, NaN, x2, y2);
      if (!many && model.data.layers[model.layer[i]].directed && focus) this.arrow(arrows, key, i, shift, length);
      if (change && model.shown.ties < 150) this.glyph(i, shift, dx / length, dy / length);
    }
    for (const key of [...batches.keys()].sort((p, q) => p - q)) {
      const style = this.tieStyle(key, change, many);
      this.pen.lines(batches.get(key), style);
      if (arrows.has(key)) this.pen.polygons(arrows.get(key), { fill: style.stroke, alpha: style.alpha });
    }
    if (this.glyphs) this.glyphs.forEach((draw) => draw());
  }

  /** About how many ties are in view: beyond 2000, dashes and arrows would only blur the drawing. */
  crowd() { return this.model.shown.ties / Math.max(1, this.camera.k / this.camera.fitted) ** 2; }

  outside(x1, y1, x2, y2) {
    const { width, height } = this.look;
    return (x1 < 0 && x2 < 0) || (y1 < 0 && y2 < 0) || (x1 > width && x2 > width) || (y1 > height && y2 > height);
  }

  tieStyle(key, change, many) {
    const { palette } = this.look, layer = key % 64, level = (key >> 6) & 3, status = (key >> 8) & 3, inter = (key >> 10) & 1;
    const focus = key >> 11, style = { stroke: palette.layers[layer], width: TIE_WIDTHS[level], dash: this.model.data.layers[layer].dash };
    const calm = clamp(Math.sqrt(200 / (this.crowd() + 1)), 0.2, 1);
    style.alpha = focus === 2 ? 1 : focus === 0 ? 0.13 : inter ? 0.38 + 0.57 * calm : 0.15 + 0.45 * calm;
    style.width *= (0.3 + 0.7 * calm) * (inter ? 1.4 : 1) * (focus === 2 ? 1.6 : 1);
    if (many) style.dash = [];
    if (change) {
      style.stroke = palette.changes[status];
      style.dash = this.model.data.changes[status].dash;
      style.width *= [0.9, 1.7, 1.4, 1.2][status];
    } else if (status !== PRESENT) {
      style.dash = [1.2, 2.6];
      if (status === ABSENT) style.alpha *= 0.8;
    }
    return style;
  }

  /** The test of the ties to bring forward, or null when all are equal. */
  chosen() {
    const { model } = this, { selected } = model.state;
    if (model.path.length) {
      const steps = new Set();
      for (let i = 1; i < model.path.length; i++) steps.add(model.path[i - 1] * model.n + model.path[i]);
      return (i) => steps.has(model.source[i] * model.n + model.target[i]) || steps.has(model.target[i] * model.n + model.source[i]);
    }
    return selected >= 0 && !model.state.ego ? (i) => model.source[i] === selected || model.target[i] === selected : null;
  }

  arrow(arrows, key, i, shift, length) {
    const { sx, sy, model } = this, a = model.source[i], b = model.target[i];
    const reach = this.r[b] * 1.15 + 1, size = clamp(this.r[b] * 0.8, 3, 7);
    if (length < reach + 2 * size) return;
    const ux = (sx[b] - sx[a]) / length, uy = (sy[b] - sy[a]) / length;
    // The last part of the curve points from its control point to the target.
    let vx = ux * length / 2 + uy * shift, vy = uy * length / 2 - ux * shift;
    const norm = Math.hypot(vx, vy);
    vx /= norm; vy /= norm;
    const x = sx[b] - vx * reach, y = sy[b] - vy * reach;
    if (!arrows.has(key)) arrows.set(key, []);
    arrows.get(key).push([x, y, x - vx * size - vy * size * 0.42, y - vy * size + vx * size * 0.42,
      x - vx * size + vy * size * 0.42, y - vy * size - vx * size * 0.42]);
  }

  /** The written sign of a gained, lost, kept or unknown tie, at its middle. */
  glyph(i, shift, ux, uy) {
    const { model, sx, sy, look } = this, a = model.source[i], b = model.target[i], code = model.change[i];
    if (code === CHANGE.KEPT) return;
    const style = { size: look.text, bold: true, color: look.palette.changes[code - 1], halo: look.palette.background };
    const sign = model.data.changes[code - 1].glyph, width = this.pen.measure(sign, style);
    const x = (sx[a] + sx[b]) / 2 - uy * shift / 2 - width / 2, y = (sy[a] + sy[b]) / 2 + ux * shift / 2 + look.text / 3;
    (this.glyphs = this.glyphs || []).push(() => this.pen.text(sign, x, y, style));
    this.taken.add([x, y - look.text, x + width, y + 2]);
  }

  actors() {
    const { model, look: { palette }, sx, sy, r } = this, { state, data } = model, batches = new Map();
    const focus = this.nearby(), faded = state.period >= 0;
    for (let a = 0; a < model.n; a++) {
      if (!model.actorOn[a] || !this.inside(sx[a], sy[a], r[a])) continue;
      const dim = (focus && !focus[a]) || (faded && !model.linked[a]) ? 1 : 0;
      const key = ((dim * 2 + model.ghost[a]) * 512 + model.kind[a]) * 16 + model.color[a];
      if (!batches.has(key)) batches.set(key, []);
      batches.get(key).push(sx[a], sy[a], r[a]);
      const size = r[a] * 1.05;
      this.markers.add([sx[a] - size, sy[a] - size, sx[a] + size, sy[a] + size]);
    }
    for (const key of [...batches.keys()].sort((p, q) => q - p)) {
      const color = palette.colors[key % 16], kind = data.kinds[(key >> 4) & 511], ghost = (key >> 13) & 1, dim = key >> 14;
      const flat = batches.get(key), shape = data.shapes[kind.shape], small = flat[2] < 3;
      const style = { fill: color, stroke: small ? palette.background : palette.outline, width: small ? 0.5 : 1 };
      if (ghost) Object.assign(style, { fill: palette.background, stroke: color, width: 1.6, dash: [1.2, 1.6] });
      else if (shape.hollow) Object.assign(style, { fill: palette.background, stroke: color, width: Math.max(1, flat[2] * 0.4) });
      if (dim) style.alpha = 0.28;
      this.pen.shapes(shape, flat, style);
    }
    this.marks();
  }

  /** Rings around bridges, the selected and the pinned actor. */
  marks() {
    const { model, look: { palette }, sx, sy, r } = this, { state, data } = model, circle = data.shapes.circle;
    const rings = [], chosen = [], focus = this.nearby(), seen = (a) => a >= 0 && model.actorOn[a];
    for (const { actor: a } of data.bridges) {
      if (state.bridges && seen(a) && (!focus || focus[a])) rings.push(sx[a], sy[a], r[a] * 1.25 + 2.5);
    }
    for (const a of [state.selected, state.pinned, ...model.path]) if (seen(a)) chosen.push(sx[a], sy[a], r[a] * 1.3 + 6.5);
    this.pen.shapes(circle, rings, { stroke: palette.background, width: 3.5 });
    this.pen.shapes(circle, rings, { stroke: palette.ink, width: 1.6 });
    this.pen.shapes(circle, chosen, { stroke: palette.background, width: 5 });
    this.pen.shapes(circle, chosen, { stroke: palette.accent, width: 3 });
  }

  nearby() {
    const { model } = this, { selected, ego } = model.state;
    if (model.path.length) {
      const near = new Uint8Array(model.n);
      model.path.forEach((a) => { near[a] = 1; });
      return near;
    }
    return selected >= 0 && !ego ? model.around(selected, 1) : null;
  }

  /** One marker per type in each group, its surface following the count; ties between groups as bands. */
  aggregated() {
    const { model, look } = this, { data } = model, { palette } = look, { cells, links } = summaryOf(model);
    const most = Math.max(20, ...links.slice(-1).map((link) => link.count)), bands = [[], [], [], []];
    // The strongest ties only, as many as there are groups: more would hide each other.
    for (const link of links.slice(-Math.max(60, data.groups.length))) {
      const [x1, y1] = this.frame(data.groups[link.a]), [x2, y2] = this.frame(data.groups[link.b]);
      bands[Math.min(3, Math.floor(4 * Math.sqrt(link.count / most)))].push(x1, y1, NaN, NaN, x2, y2);
    }
    bands.forEach((flat, i) => this.pen.lines(flat, { stroke: palette.muted, width: [0.7, 1.5, 3, 5.5][i], alpha: 0.3 + i / 10 }));
    const perGroup = new Map();
    for (const cell of cells) {
      if (!perGroup.has(cell.group)) perGroup.set(cell.group, []);
      perGroup.get(cell.group).push(cell);
    }
    this.cells = [];
    for (const [group, list] of perGroup) {
      const [x, y, r] = this.frame(data.groups[group]);
      if (!this.inside(x, y, r)) continue;
      const total = list.reduce((sum, cell) => sum + cell.count, 0);
      // In a disc too small to tell kinds apart, the most frequent one stands for all.
      if (r < 15) list.length = 1;
      const ring = list.length > 1 ? 0.55 * r : 0;
      list.forEach((cell, i) => {
        const turn = 2 * Math.PI * i / list.length - Math.PI / 2, size = Math.max(1.5, 0.42 * r * Math.sqrt(cell.count / total));
        this.cells.push({ ...cell, x: x + ring * Math.cos(turn), y: y + ring * Math.sin(turn), r: list.length > 1 ? size : size * 1.3 });
      });
    }
    for (const cell of this.cells) {
      this.pen.shapes(data.shapes[data.kinds[cell.kind].shape], [cell.x, cell.y, cell.r],
        { fill: palette.colors[cell.color], stroke: palette.outline, width: cell.r > 4 ? 1 : 0.4 });
    }
  }

  // Names ------------------------------------------------------------------------------------------

  names() {
    const { model, look } = this, { state } = model, aggregate = state.aggregate && state.scope < 0;
    if (state.frames || aggregate) this.frameNames(aggregate);
    if (aggregate) return this.cellNames();
    if (!state.names) return undefined;
    const focus = this.nearby(), most = Math.round(look.width * look.height / 3600), tries = model.n > 4000 ? most : 3 * most;
    const first = [state.selected, state.pinned, ...model.path].filter((a) => a >= 0), seen = new Set(first);
    let tried = 0;
    const attempt = (a) => {
      if (!model.actorOn[a] || (focus && !focus[a]) || !this.inside(this.sx[a], this.sy[a], 0)) return;
      tried++;
      this.name(a, a === state.selected || a === state.pinned, focus);
    };
    seen.forEach(attempt);
    for (let k = 0; k < model.n && this.labels.length < most && tried < tries; k++) {
      if (!seen.has(model.order[k])) attempt(model.order[k]);
    }
    return undefined;
  }

  /** Try eight places around the marker; a name that would touch another one is not written. */
  name(a, bold, always) {
    const { pen, model, look, sx, sy, r } = this, { palette } = look;
    const style = { size: look.text, color: palette.ink, halo: palette.background, bold };
    const text = shorten(pen, model.name[a], style, look.text * 17), width = pen.measure(text, style), height = look.text * 1.2;
    const x = sx[a], y = sy[a], d = r[a] + 3 + (model.bridge[a] && model.state.bridges ? r[a] * 0.3 + 3 : 0), e = d * 0.7;
    const places = [[x + d, y - height / 2], [x - d - width, y - height / 2], [x - width / 2, y - d - height],
      [x - width / 2, y + d], [x + e, y - e - height * 0.8], [x + e, y + e - height * 0.2],
      [x - e - width, y - e - height * 0.8], [x - e - width, y + e - height * 0.2]];
    for (const strict of always ? [true, false] : [true]) {
      for (const [left, top] of places) {
        const box = [left - 1, top, left + width + 1, top + height];
        if (box[0] < 0 || box[1] < look.ceiling || box[2] > look.width || box[3] > look.height) continue;
        if (this.taken.touches(box) || (strict && this.markers.touches(box))) continue;
        return this.write(text, box, style, a);
      }
    }
    return false;
  }

  write(text, box, style, actor) {
    this.taken.add(box);
    this.labels.push({ text, box, actor });
    this.pen.text(text, box[0] + 1, box[1] + style.size * 0.98, style);
    return true;
  }

  /** The name and size of each silo, above its disc, else below it or just inside. */
  frameNames(aggregate) {
    const { model: { data, state }, pen, look } = this;
    if (!data.framed) return;
    const crowd = data.groups.length > 14 ? 1 : 1.12, height = look.text * crowd * 1.25;
    const style = { size: Math.round(look.text * crowd * 10) / 10, bold: true, color: look.palette.ink, halo: look.palette.background };
    const order = data.groups.map((group, g) => [g, group]).filter(([g]) => state.scope < 0 || g === state.scope)
      .sort((p, q) => q[1].n - p[1].n);
    for (const [, group] of order) {
      const [x, y, r] = this.frame(group);
      if (!this.inside(x, y, r) || (r < look.text * 1.4 && !(aggregate && this.labels.length < 25))) continue;
      const count = ` (${look.number(group.n)})`, rooms = [Math.min(look.text * 22, 2 * Math.min(x, look.width - x)), Math.max(2 * r, look.text * 7)];
      const slide = (left, width) => clamp(left, 2, Math.max(2, look.width - width - 3));
      const put = (room, tops) => {
        const text = shorten(pen, group.label, style, room - pen.measure(count, style)) + count;
        const width = pen.measure(text, style), left = slide(x - width / 2, width) - 1;
        return tops.some((top) => {
          const box = [left, top, left + width + 2, top + height];
          return box[1] >= look.ceiling && box[3] <= look.height && box[2] <= look.width && !this.taken.touches(box)
            && this.write(text, box, style, -1);
        });
      };
      const outside = [y - r - height - 1, y + r + 1], inside = [y - r + 3, y + r - height - 3];
      if (!put(rooms[0], outside) && !put(rooms[1], outside)) put(rooms[1], inside);
    }
  }

  cellNames() {
    const { pen, look, model: { data } } = this;
    for (const cell of this.cells) {
      if (cell.r < look.text * 0.9) continue;
      const style = { size: look.text, color: look.palette.ink, halo: look.palette.background };
      const words = [`${look.number(cell.count)} ${data.kinds[cell.kind].label}`, look.number(cell.count)];
      for (const text of words) {
        const width = pen.measure(text, style), height = look.text * 1.2;
        const box = [cell.x - width / 2 - 1, cell.y + cell.r + 1, cell.x + width / 2 + 1, cell.y + cell.r + 1 + height];
        if (this.taken.touches(box)) continue;
        this.write(text, box, style, -1);
        break;
      }
    }
  }
}

/** The aggregated map, computed again only when what is shown changes. */
function summaryOf(model) {
  const key = JSON.stringify([model.state, model.shown]);
  if (model.summaryKey !== key) { model.summaryKey = key; model.aggregate = model.summarise(); }
  return model.aggregate;
}
