/* The network as typed columns, what the reader asked to see, and the answers. Nothing here draws. */

const CODES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHANGE = { KEPT: 1, GAINED: 2, LOST: 3, UNKNOWN: 4 };
const PRESENT = 0, ABSENT = 1, UNKNOWN = 2;

/** Text without case nor accents, so that "prefecture" finds "Préfecture". */
function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[’‘]/g, "'");
}

/** A column of integers: a list, a text of one character per value, or one value for all. */
function integers(column, length) {
  const result = new Int32Array(length);
  if (typeof column === "number") return result.fill(column);
  if (typeof column === "string") {
    for (let i = 0; i < length; i++) result[i] = CODES.indexOf(column[i]);
    return result;
  }
  return Int32Array.from(column);
}

/** Replace {name} in a sentence. */
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

class Model {
  constructor(data) {
    this.data = data;
    const { actors, ties } = data;
    this.n = actors.name.length;
    this.m = data.counts.ties;
    this.name = actors.name;
    this.x = Float64Array.from(actors.x);
    this.y = Float64Array.from(actors.y);
    this.kind = integers(actors.kind, this.n);
    this.color = integers(actors.color, this.n);
    this.group = integers(actors.group, this.n);
    this.territory = integers(actors.territory, this.n);
    this.ghost = integers(actors.ghost, this.n);
    this.bridge = integers(actors.bridge, this.n);
    this.rank = integers(actors.rank, this.n);
    this.unseen = integers(actors.unseen, this.n);
    this.metrics = data.metrics.map((metric) => ({
      ...metric, values: Float64Array.from(metric.values, (value) => (value === null ? NaN : value)),
    }));
    this.source = integers(ties.source, this.m);
    for (let i = 1; i < this.m; i++) this.source[i] += this.source[i - 1];
    this.target = integers(ties.target, this.m);
    this.layer = integers(ties.layer, this.m);
    this.period = integers(ties.period, this.m);
    this.level = integers(ties.level, this.m);
    this.status = integers(ties.status, this.m);
    this.evidence = integers(ties.evidence, this.m);
    this.strength = integers(ties.strength, this.m);
    this.weight = typeof ties.weight === "number" ? new Float64Array(this.m).fill(ties.weight)
      : Float64Array.from(ties.weight);
    this.order = new Int32Array(this.n);
    this.rank.forEach((rank, a) => { this.order[rank] = a; });
    this.index();
    this.fanOut(integers(ties.lane, this.m));
    this.state = this.initialState();
    this.actorOn = new Uint8Array(this.n);
    this.tieOn = new Uint8Array(this.m);
    this.change = new Uint8Array(this.m);
    this.linked = new Uint8Array(this.n);
    this.path = [];
    this.update();
  }

  kindName(a) { return this.data.kinds[this.kind[a]].label; }

  groupName(a) { return this.group[a] < 0 ? "" : this.data.groups[this.group[a]].label; }

  territoryName(a) { return this.data.territories[this.territory[a]] || ""; }

  layerName(i) { return this.data.layers[this.layer[i]].label; }

  periodName(i) { return this.data.periods[this.period[i]] || ""; }

  statusName(i) { return this.data.statuses[this.status[i]]; }

  evidenceName(i) { return this.data.evidences[this.evidence[i]] || ""; }

  /** How much is seen of how much, in words. */
  counts() {
    const { format } = new Intl.NumberFormat(this.data.lang);
    return fill(this.data.words.shown_counts, {
      actors: format(this.shown.actors), n: format(this.n), ties: format(this.shown.ties), m: format(this.m),
    });
  }

  /** For each actor, its ties, one after the other in one array. */
  index() {
    const { n, m, source, target } = this;
    this.first = new Int32Array(n + 1);
    this.inter = new Uint8Array(m);
    for (let i = 0; i < m; i++) {
      this.first[source[i] + 1]++;
      this.first[target[i] + 1]++;
      this.inter[i] = this.group[source[i]] !== this.group[target[i]] ? 1 : 0;
    }
    for (let a = 0; a < n; a++) this.first[a + 1] += this.first[a];
    const next = this.first.slice();
    this.incident = new Int32Array(2 * m);
    for (let i = 0; i < m; i++) {
      this.incident[next[source[i]]++] = i;
      this.incident[next[target[i]]++] = i;
    }
  }

  pair(i) {
    const a = this.source[i], b = this.target[i];
    return a < b ? a * this.n + b : b * this.n + a;
  }

  /** Parallel ties of a pair are drawn side by side; the code of a lane is its rank among 0 | 0 1 | 0 1 2 | ... */
  fanOut(lanes) {
    this.slot = new Float32Array(this.m);
    for (let i = 0; i < this.m; i++) {
      const count = Math.floor((1 + Math.sqrt(1 + 8 * lanes[i])) / 2), rank = lanes[i] - count * (count - 1) / 2;
      this.slot[i] = (rank - (count - 1) / 2) * (this.source[i] < this.target[i] ? 1 : -1);
    }
  }

  initialState() {
    const { data } = this, on = (list) => list.map(() => true);
    return {
      layers: on(data.layers), colors: on(data.colors), kinds: on(data.kinds),
      status: [true, data.counts.absent <= 0.25 * data.counts.present, true],
      territory: -1, level: 0, period: -1, compare: false, metric: data.size, threshold: 0,
      selected: -1, pinned: -1, ego: 0, route: false, scope: -1, aggregate: this.n > data.aggregate_above,
      names: true, frames: true, bridges: true, outlines: true,
    };
  }

  /** Which actors and ties are seen, from the state alone. */
  update() {
    const { state } = this;
    this.filterActors();
    if (state.compare && state.period > 0) this.compare(state.period - 1, state.period);
    else this.change.fill(0);
    this.filterTies();
    this.path = [];
    if (state.route && state.selected >= 0 && state.pinned >= 0) this.path = this.shortest(state.pinned, state.selected);
    if (state.ego && state.selected >= 0) {
      const near = this.around(state.selected, state.ego);
      for (let a = 0; a < this.n; a++) this.actorOn[a] &= near[a];
      this.filterTies();
    }
    this.linked.fill(0);
    let actors = 0, ties = 0;
    for (let i = 0; i < this.m; i++) if (this.tieOn[i]) {
      ties++;
      this.linked[this.source[i]] = this.linked[this.target[i]] = 1;
    }
    for (let a = 0; a < this.n; a++) actors += this.actorOn[a];
    this.shown = { actors, ties };
  }

  filterActors() {
    const { state } = this, values = this.metrics.length ? this.metrics[state.metric].values : null;
    for (let a = 0; a < this.n; a++) {
      this.actorOn[a] = state.colors[this.color[a]] && state.kinds[this.kind[a]]
        && (state.territory < 0 || this.territory[a] === state.territory)
        && (state.threshold <= 0 || (values && values[a] >= state.threshold))
        && (state.scope < 0 || this.group[a] === state.scope) ? 1 : 0;
    }
  }

  filterTies() {
    const { state } = this, comparing = state.compare && state.period > 0;
    for (let i = 0; i < this.m; i++) {
      const dated = comparing ? this.change[i] > 0 : state.period < 0 || this.period[i] === state.period;
      this.tieOn[i] = dated && state.layers[this.layer[i]] && (comparing || state.status[this.status[i]])
        && (state.level <= 0 || this.level[i] >= state.level)
        && this.actorOn[this.source[i]] && this.actorOn[this.target[i]] ? 1 : 0;
    }
  }

  /** Kept, gained, lost or unknown, for the ties of two periods; a missing answer is not a lost tie. */
  compare(before, after) {
    const pasts = new Map(), presents = new Map();
    const key = (i) => `${this.pair(i)},${this.layer[i]}`;
    const better = (map, i) => {
      const known = map.get(key(i)), status = this.status[i];
      if (known === undefined || status === PRESENT || (status === UNKNOWN && known === ABSENT)) map.set(key(i), status);
    };
    for (let i = 0; i < this.m; i++) {
      if (this.period[i] === before) better(pasts, i);
      else if (this.period[i] === after) better(presents, i);
    }
    const unseen = (i, period) => ((this.unseen[this.source[i]] | this.unseen[this.target[i]]) >> period) & 1;
    this.change.fill(0);
    for (let i = 0; i < this.m; i++) {
      if (this.status[i] !== PRESENT) continue;
      const here = this.period[i] === after, other = here ? before : after;
      if (!here && this.period[i] !== before) continue;
      const there = (here ? pasts : presents).get(key(i));
      if (there === PRESENT) this.change[i] = here ? CHANGE.KEPT : 0;
      else if (there === UNKNOWN || (there === undefined && unseen(i, other))) this.change[i] = CHANGE.UNKNOWN;
      else this.change[i] = here ? CHANGE.GAINED : CHANGE.LOST;
    }
  }

  /** Actors at most `steps` visible ties away. */
  around(actor, steps) {
    const near = new Uint8Array(this.n);
    near[actor] = 1;
    let front = [actor];
    for (; steps > 0; steps--) {
      const next = [];
      for (const a of front) this.eachTie(a, (_, b) => {
        if (!near[b]) { near[b] = 1; next.push(b); }
      });
      front = next;
    }
    return near;
  }

  /** Call visit(tie, other end) for each visible tie of an actor. */
  eachTie(actor, visit) {
    for (let k = this.first[actor]; k < this.first[actor + 1]; k++) {
      const i = this.incident[k];
      if (this.tieOn[i]) visit(i, this.source[i] === actor ? this.target[i] : this.source[i]);
    }
  }

  /** The path with the fewest visible present ties between two actors; empty when there is none. */
  shortest(from, to) {
    const previous = new Int32Array(this.n).fill(-1);
    previous[from] = from;
    let front = [from];
    while (front.length && previous[to] < 0) {
      const next = [];
      for (const a of front) this.eachTie(a, (i, b) => {
        if (this.status[i] === PRESENT && previous[b] < 0) { previous[b] = a; next.push(b); }
      });
      front = next;
    }
    if (previous[to] < 0) return [];
    const path = [to];
    while (path[0] !== from) path.unshift(previous[path[0]]);
    return path;
  }

  /** Ties per layer, neighbours and share of ties that leave the group, as seen now. */
  portrait(actor) {
    const layers = new Int32Array(this.data.layers.length), neighbours = new Map();
    let out = 0, total = 0;
    this.eachTie(actor, (i, b) => {
      if (this.status[i] === PRESENT) {
        layers[this.layer[i]]++;
        total++;
        out += this.inter[i];
      }
      if (!neighbours.has(b)) neighbours.set(b, []);
      neighbours.get(b).push(i);
    });
    return { layers, neighbours, total, out: total ? out / total : NaN };
  }

  search(text) {
    const wanted = fold(text.trim());
    if (!wanted) return [];
    if (!this.folded) this.folded = this.name.map(fold);
    const found = [];
    for (let a = 0; a < this.n; a++) {
      const place = this.folded[a].indexOf(wanted);
      if (place >= 0) found.push([place === 0 ? 0 : 1, this.rank[a], a]);
    }
    return found.sort((p, q) => p[0] - q[0] || p[1] - q[1]).map((row) => row[2]);
  }

  /** Territory x type meta-actors and the ties between groups, for networks too large to read actor by actor. */
  summarise() {
    const cells = new Map(), links = new Map();
    for (let a = 0; a < this.n; a++) if (this.actorOn[a]) {
      const key = this.group[a] * 1000 + this.kind[a];
      if (!cells.has(key)) cells.set(key, { group: this.group[a], kind: this.kind[a], color: this.color[a], count: 0 });
      cells.get(key).count++;
    }
    const width = this.data.groups.length + 1;
    for (let i = 0; i < this.m; i++) if (this.tieOn[i] && this.inter[i]) {
      const a = this.group[this.source[i]], b = this.group[this.target[i]];
      if (a < 0 || b < 0) continue;
      const key = (Math.min(a, b) * width + Math.max(a, b));
      links.set(key, (links.get(key) || 0) + 1);
    }
    return {
      cells: [...cells.values()].filter((cell) => cell.group >= 0).sort((p, q) => q.count - p.count),
      links: [...links].map(([key, count]) => ({ a: Math.floor(key / width), b: key % width, count }))
        .sort((p, q) => p.count - q.count),
    };
  }
}
