/* The network as typed columns, what the reader asked to see, and the answers. Nothing here draws. */

const CODES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHANGE = { KEPT: 1, GAINED: 2, LOST: 3, UNKNOWN: 4 };
const { abs, ceil, cos, floor, hypot, max, min, PI, sin, sqrt } = Math;
const PRESENT = 0, ABSENT = 1, UNKNOWN = 2, STATUSES = ["present", "absent", "unknown"];

/** Text without case nor accents, so that "prefecture" finds "Préfecture". */
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[’‘]/g, "'");

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

const copy = (plain) => JSON.parse(JSON.stringify(plain));

/** What a map holds under a key, made when first asked for. */
function once(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

const listAt = (map, key) => once(map, key, () => []);

const formats = new Map();

/** How the language of the page writes numbers; browsers write a hyphen for the minus, and take 10 ms to learn a format. */
function numbers(options) {
  const format = () => new Intl.NumberFormat(document.documentElement.lang, options);
  return (value) => once(formats, JSON.stringify(options), format).format(value).replace("-", "−");
}

const number = numbers();

/** Replace {name} in a sentence. */
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name]));

/** Everything that the page knows: columns, state, what is seen of them. */
function makeModel(data) {
  const { actors, ties, words } = data, n = actors.name.length, m = data.counts.ties, { name } = actors;
  const [kind, color, group, territory, ghost, bridge, rank, unseen] = ["kind", "color", "group", "territory", "ghost", "bridge", "rank", "unseen"]
    .map((key) => integers(actors[key], n));
  const [source, target, layer, period, level, status, evidence, strength, lane] = ["source", "target", "layer", "period", "level", "status",
    "evidence", "strength", "lane"].map((key) => integers(ties[key], m));
  const x = Float64Array.from(actors.x), y = Float64Array.from(actors.y);
  const weight = Float64Array.from({ length: m }, (_, i) => (typeof ties.weight === "number" ? ties.weight : ties.weight[i]));
  const metrics = data.metrics.map((metric) => ({
    ...metric, values: Float64Array.from(metric.values, (value) => (value === null ? NaN : value)),
  }));
  for (let i = 1; i < m; i++) source[i] += source[i - 1];
  const order = new Int32Array(n), first = new Int32Array(n + 1), incident = new Int32Array(2 * m);
  const inter = Uint8Array.from(source, (a, i) => (group[a] !== group[target[i]] ? 1 : 0));
  const slot = Float32Array.from(lane, place), actorOn = new Uint8Array(n), tieOn = new Uint8Array(m), change = new Uint8Array(m), linked = new Uint8Array(n);
  const state = copy(data.start);
  rank.forEach((nth, a) => { order[nth] = a; });
  index();

  /** For each actor, its ties, one after the other in one array. */
  function index() {
    for (let i = 0; i < m; i++) {
      first[source[i] + 1]++;
      first[target[i] + 1]++;
    }
    for (let a = 0; a < n; a++) first[a + 1] += first[a];
    const next = first.slice();
    for (let i = 0; i < m; i++) {
      incident[next[source[i]]++] = i;
      incident[next[target[i]]++] = i;
    }
  }

  /** Parallel ties of a pair are drawn side by side; the code of a lane is its rank among 0 | 0 1 | 0 1 2 | ... */
  function place(code, i) {
    const count = floor((1 + sqrt(1 + 8 * code)) / 2);
    return (code - count * (count - 1) / 2 - (count - 1) / 2) * (source[i] < target[i] ? 1 : -1);
  }

  /** Which actors and ties are seen, from the state alone. */
  function update() {
    filterActors();
    change.fill(0);
    if (comparing()) compare(state.period - 1, state.period);
    filterTies();
    model.path = state.route && state.selected >= 0 && state.pinned >= 0 ? shortest(state.pinned, state.selected) : [];
    if (state.ego && state.selected >= 0) {
      const near = around(state.selected, state.ego);
      for (let a = 0; a < n; a++) actorOn[a] &= near[a];
      filterTies();
    }
    model.actors = on(actorOn);
    model.ties = on(tieOn);
    linked.fill(0);
    for (const i of model.ties) linked[source[i]] = linked[target[i]] = 1;
    model.summary = state.aggregate && state.scope < 0 ? summarise() : null;
  }

  /** Places of the flags that are up. */
  const on = (flags) => Int32Array.from([...flags.keys()].filter((i) => flags[i]));
  const comparing = () => state.compare && state.period > 0;

  function filterActors() {
    const { values } = metrics[state.metric];
    for (let a = 0; a < n; a++) {
      actorOn[a] = state.colors[color[a]] && state.kinds[kind[a]]
        && (state.territory < 0 || territory[a] === state.territory)
        && (state.threshold <= 0 || values[a] >= state.threshold)
        && (state.scope < 0 || group[a] === state.scope) ? 1 : 0;
    }
  }

  function filterTies() {
    const both = comparing();
    for (let i = 0; i < m; i++) {
      const dated = both ? change[i] > 0 : state.period < 0 || period[i] === state.period;
      tieOn[i] = dated && state.layers[layer[i]] && (both || state.status[status[i]])
        && (state.level <= 0 || level[i] >= state.level) && actorOn[source[i]] && actorOn[target[i]] ? 1 : 0;
    }
  }

  /** Kept, gained, lost or unknown, for the ties of two periods; a missing answer is not a lost tie. */
  function compare(before, after) {
    const pasts = new Map(), presents = new Map();
    const key = (i) => `${min(source[i], target[i])},${max(source[i], target[i])},${layer[i]}`;
    const better = (map, i) => {
      const known = map.get(key(i)), now = status[i];
      if (known === undefined || now === PRESENT || (now === UNKNOWN && known === ABSENT)) map.set(key(i), now);
    };
    for (let i = 0; i < m; i++) {
      if (period[i] === before) better(pasts, i);
      else if (period[i] === after) better(presents, i);
    }
    const missed = (i, when) => ((unseen[source[i]] | unseen[target[i]]) >> when) & 1;
    for (let i = 0; i < m; i++) {
      const here = period[i] === after, other = here ? before : after;
      if (status[i] !== PRESENT || (!here && period[i] !== before)) continue;
      const there = (here ? pasts : presents).get(key(i));
      if (there === PRESENT) change[i] = here ? CHANGE.KEPT : 0;
      else if (there === UNKNOWN || (there === undefined && missed(i, other))) change[i] = CHANGE.UNKNOWN;
      else change[i] = here ? CHANGE.GAINED : CHANGE.LOST;
    }
  }

  /** Actors at most `steps` visible ties away. */
  function around(actor, steps) {
    const near = new Uint8Array(n);
    near[actor] = 1;
    let front = [actor];
    for (; steps > 0; steps--) {
      const next = [];
      for (const a of front) eachTie(a, (_, b) => {
        if (!near[b]) { near[b] = 1; next.push(b); }
      });
      front = next;
    }
    return near;
  }

  /** Call visit(tie, other end) for each visible tie of an actor. */
  function eachTie(actor, visit) {
    for (let k = first[actor]; k < first[actor + 1]; k++) {
      const i = incident[k];
      if (tieOn[i]) visit(i, source[i] === actor ? target[i] : source[i]);
    }
  }

  /** The path with the fewest visible present ties between two actors; empty when there is none. */
  function shortest(from, to) {
    const previous = new Int32Array(n).fill(-1);
    previous[from] = from;
    let front = [from];
    while (front.length && previous[to] < 0) {
      const next = [];
      for (const a of front) eachTie(a, (i, b) => {
        if (status[i] === PRESENT && previous[b] < 0) { previous[b] = a; next.push(b); }
      });
      front = next;
    }
    if (previous[to] < 0) return [];
    const path = [to];
    while (path[0] !== from) path.unshift(previous[path[0]]);
    return path;
  }

  /** Ties per layer, share of them that leave the group, partners, and who is named by no present tie, as seen now. */
  function portrait(actor) {
    const layers = new Int32Array(data.layers.length), neighbours = new Map(), partners = [], others = [];
    let out = 0, total = 0;
    eachTie(actor, (i, b) => {
      if (status[i] === PRESENT) {
        layers[layer[i]]++;
        total++;
        out += inter[i];
      }
      listAt(neighbours, b).push(i);
    });
    for (const row of [...neighbours].sort((p, q) => rank[p[0]] - rank[q[0]])) (row[1].some((i) => status[i] === PRESENT) ? partners : others).push(row);
    return { layers, partners, others, total, out: total ? out / total : NaN };
  }

  let folded;

  function search(text) {
    const wanted = fold(text.trim()), found = [];
    if (!wanted) return found;
    folded = folded || name.map(fold);
    for (let a = 0; a < n; a++) {
      const where = folded[a].indexOf(wanted);
      if (where >= 0) found.push([where ? 1 : 0, rank[a], a]);
    }
    return found.sort((p, q) => p[0] - q[0] || p[1] - q[1]).map((row) => row[2]);
  }

  /** Territory x type meta-actors and the ties between groups, for networks too large to read actor by actor. */
  function summarise() {
    const cells = new Map(), links = new Map(), width = data.groups.length + 1;
    for (const a of model.actors) if (group[a] >= 0) {
      once(cells, group[a] * 1000 + kind[a], () => ({ group: group[a], kind: kind[a], color: color[a], count: 0 })).count++;
    }
    for (const i of model.ties) if (inter[i]) {
      const a = group[source[i]], b = group[target[i]], key = min(a, b) * width + max(a, b);
      if (a >= 0 && b >= 0) links.set(key, (links.get(key) || 0) + 1);
    }
    // The strongest ties only, as many as there are groups: more would hide each other.
    const kept = [...links].sort((p, q) => p[1] - q[1]).slice(-max(60, data.groups.length)), most = max(20, ...kept.map((link) => link[1]));
    return {
      cells: [...cells.values()].sort((p, q) => p.color - q.color || q.count - p.count), most,
      links: kept.map(([key, count]) => ({ a: floor(key / width), b: key % width, count, step: floor(3.99 * sqrt(count / most)) })),
    };
  }

  const model = {
    data, n, name, x, y, kind, color, group, territory, ghost, bridge, order, metrics,
    source, target, layer, period, status, strength, weight, inter, slot, actorOn, change, linked,
    update, comparing, around, portrait, search, state, path: [],
    /** What is seen: actors, ties; actors by importance. */
    actors: new Int32Array(0), ties: new Int32Array(0), ranked: () => order.filter((a) => actorOn[a]),
    /** What a pointed row of the legend brings forward: { key: "layer" | "kind" | "color", value }. */
    lit: null,
    degree: (a) => first[a + 1] - first[a],
    kindName: (a) => data.kinds[kind[a]].label,
    groupName: (a) => (group[a] < 0 ? "" : data.groups[group[a]].label),
    territoryName: (a) => data.territories[territory[a]] || "",
    layerName: (i) => data.layers[layer[i]].label,
    periodName: (i) => data.periods[period[i]] || "",
    statusName: (i) => data.statuses[status[i]],
    evidenceNames: (i) => (data.evidences[evidence[i]] || []).map((proof) => data.proofs[proof]),
    set: (changes) => Object.assign(state, changes),
    /** How much is seen of how much, in words. */
    counts() {
      const counts = fill(words.shown_counts, { actors: model.actors.length, n, ties: model.ties.length, m });
      return state.scope < 0 ? counts : `${data.groups[state.scope].label} · ${counts}`;
    },
    /** Whether the reader hides something. */
    filtered: () => model.actors.length < n || model.ties.length < m,
    /** What the aggregated map shows, else null. */
    summary: null,
  };
  return model;
}
