/* Legend, filters and card: what the map shows and what the reader may ask. Only createElement and textContent. */

const MOST_NEIGHBOURS = 60;
const LARGEST_SIGN = 30;

/** Create an element, "tag.class": a first part that is a plain object holds properties and attributes, the others are inside. */
function h(name, ...parts) {
  const [tag, className] = name.split("."), element = document.createElement(tag);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(parts[0] && parts[0].constructor === Object ? parts.shift() : {})) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  return put(element, ...parts);
}

/** Append what there is among some parts: what a condition refused is left out. */
function put(element, ...parts) {
  element.append(...parts.filter(Boolean));
  return element;
}

const button = (content, click, properties) => h("button", { type: "button", onclick: click, ...properties }, content);
const listen = (target, name, act, options) => target.addEventListener(name, act, options);
const span = (text) => h("span", text);
const line = (text, ...children) => h("label.line", span(text), ...children);
const byId = (id) => document.getElementById(id);
const section = (title, open, ...children) => h("details.part", { open }, h("summary", h("h2", title)), ...children);

/** A sign of the legend as a small drawing; colours follow the theme through custom properties. */
function swatch(sign, across = 14, down = 9) {
  const svg = svgNode("svg", { viewBox: [-across, -down, 2 * across, 2 * down].join(" "), class: "swatch", "aria-hidden": "true" });
  if (sign) sign(svgPen(svg), 0, 0, 1);
  Object.assign(svg.style, { width: `${2 * across}px`, height: `${2 * down}px` });
  return svg;
}

/** One Tab stop for a group of boxes; arrows move inside. */
function group(title, ...children) {
  const field = h("fieldset", h("legend", title), ...children);
  const boxes = () => /** @type {HTMLElement[]} */ ([...field.querySelectorAll("input[type=checkbox], .index button")]);
  boxes().forEach((box, i) => { box.tabIndex = i ? -1 : 0; });
  listen(field, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key], all = boxes();
    const here = all.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!step || here < 0) return;
    event.preventDefault();
    const next = all[(here + step + all.length) % all.length];
    all.forEach((box) => { box.tabIndex = box === next ? 0 : -1; });
    next.focus();
  });
  return field;
}

/** Fill the panel; returns the functions that show a new state and say things in the same words. */
function makePanel(app, panel) {
  const { model, exporter } = app, { data, state } = model, { words } = data, syncs = [], signs = makeSigns(data, themed(data.themes.light));
  const rough = numbers({ maximumSignificantDigits: 2 }), percent = numbers({ style: "percent" }), large = model.n > data.aggregate_above;
  const scale = h("section", { id: "scale" }), card = h("section", { id: "card", hidden: true, "aria-labelledby": "card-title" });
  const actorButton = (a) => button(model.name[a], () => app.select(a, true), { className: "link" });

  // Controls ---------------------------------------------------------------------------------------

  /** A box with its drawing, its words and a count; pointing at it brings its part of the map forward. */
  function check(text, get, set, drawing, count, lit) {
    const box = h("input", { type: "checkbox", onchange: () => app.change(() => set(box.checked)) });
    syncs.push(() => { box.checked = get(); });
    const row = h("label.check", box, drawing, span(text), count !== undefined && h("small", number(count)));
    if (lit) {
      for (const name of ["pointerenter", "focusin"]) listen(row, name, () => app.light(lit));
      for (const name of ["pointerleave", "focusout"]) listen(row, name, () => app.light(null));
    }
    return row;
  }

  const flag = (text, key, sign) => check(text, () => state[key], (on) => { state[key] = on; }, sign && swatch(sign));
  const checks = (key, items, sign, lit) => items.map((item, i) => check(item.label, () => state[key][i],
    (on) => { state[key][i] = on; }, swatch(sign(i)), item.n, lit && { key: lit, value: i }));

  /** A list of numbers and words for a part of the state; `more` changes with it. */
  function choice(text, key, options, more) {
    const select = h("select", { onchange: () => app.set({ [key]: Number(select.value), ...more }) },
      ...options.map(([value, name]) => h("option", { value }, name)));
    syncs.push(() => { select.value = state[key]; });
    return line(text, select);
  }

  /** A slider and what it says. */
  function slider(text, max, get, set, say) {
    const said = h("output"), range = h("input", {
      type: "range", min: 0, max, step: 1, "aria-label": text, oninput: () => app.change(() => set(Number(range.value))),
    });
    syncs.push(() => {
      range.value = String(get());
      said.textContent = say();
      range.setAttribute("aria-valuetext", say());
    });
    return [range, said];
  }

  function layers() {
    const rows = checks("layers", data.layers, signs.layer, "layer");
    const order = rows.map((_, i) => i).sort((p, q) => data.layers[q].n - data.layers[p].n || p - q);
    const part = (minor) => order.filter((i) => data.layers[i].minor === minor).map((i) => rows[i]), minor = part(true);
    return group(words.layers, ...minor.length ? [...part(false), h("p", words.minor), ...minor] : rows);
  }

  function periods() {
    const names = [words.all_periods, ...data.periods];
    const [range, said] = slider(words.period, data.periods.length, () => state.period + 1,
      (value) => { state.period = value - 1; }, () => names[state.period + 1]);
    const key = h("ul", ...data.changes.map((change, i) => h("li", swatch(signs.change(i)), `${change.glyph} ${change.label}`)));
    syncs.push(() => { key.hidden = !model.comparing(); });
    return group(words.period, said, range, data.periods.length > 1 && check(words.compare, () => state.compare, (on) => {
      model.set({ compare: on, period: on ? max(1, state.period) : state.period });
    }), key);
  }

  const metric = () => model.metrics[state.metric];

  /** Three sizes and the values they stand for. */
  function sizes() {
    const place = h("p.sizes");
    syncs.push(() => {
      const { low, high } = metric();
      place.replaceChildren(...[0, 0.5, 1].flatMap((share) => [
        swatch(signs.disc({ width: 1 }, 5 * growth(share))), span(rough(low + share * (high - low)))]));
    });
    return place;
  }

  function filters() {
    const counted = STATUSES.map((status) => data.counts[status]);
    const threshold = slider(words.threshold, 100, () => Math.round(100 * state.threshold / (metric().high || 1)),
      (value) => { state.threshold = metric().high * value / 100; }, () => number(state.threshold));
    const sign = (i) => signs.line("var(--ink)", i ? [1.2, 2.6] : []), statuses = data.statuses.map((label, i) => ({ label, n: counted[i] }));
    return section(words.filters, true, choice(words.size, "metric", data.metrics.map((each, i) => [i, each.label]), { threshold: 0 }), sizes(),
      h("div.line", span(words.threshold), ...threshold),
      data.territories[1] && choice(words.territory, "territory", [[-1, words.all], ...data.territories.map((name, i) => [i, name])]),
      data.levels[0] && choice(words.level, "level", [[0, words.all], ...data.levels.map((level) => [level.key, level.label])]),
      counted[1] + counted[2] && group(words.status, ...checks("status", statuses, sign).filter((_, i) => counted[i])));
  }

  function display() {
    return section(words.display, true, group(words.signs,
      data.bridges[0] && flag(words.sign_bridge, "bridges", signs.bridge),
      data.framed && flag(words.sign_frame, "frames", signs.frame),
      flag(words.show_names, "names"),
      data.outlines[0] && flag(words.show_outlines, "outlines"),
      check(words.move, () => app.moving, (on) => { app.moving = on; }),
      large && check(words.aggregate, () => state.aggregate, (on) => {
        model.set({ aggregate: on, scope: -1 });
        app.camera.touched = false;
      })), data.unsure && h("p.check", swatch(signs.ghost), span(words.sign_ghost)));
  }

  /** What the sizes of the aggregated map stand for, as large as they are drawn. */
  function showScale() {
    scale.hidden = !model.summary;
    if (model.summary) {
      scale.replaceChildren(...overviewParts(model, signs, app.camera.k, LARGEST_SIGN).flatMap(([title, rows]) => [h("h2", title),
        ...rows.map(([label, sign, r]) => h("p.check", swatch(sign, r ? LARGEST_SIGN : 14, max(9, r + 2)), span(label)))]));
    }
  }

  /** The groups of a large map: their codes, their names, and the way in. */
  function index() {
    const rows = groupsByCode(data).map(({ code, label, n, at }) => h("li", {}, button(code ? `${code} ${label}` : label, () => app.open(at), {
      className: "link" }), h("small", ` ${number(n)}`)));
    return group(words.index, h("ul.index", ...rows));
  }

  function bridges() {
    return section(words.bridges, true, h("p", words.bridges_help), h("ol", ...data.bridges.map((row) => h("li", {},
      actorButton(row.actor), h("small", ` ${fill(words.bridge_row, row)}`)))));
  }

  function exports() {
    const code = h("textarea", { readOnly: true, rows: 4, "aria-label": words.code });
    syncs.push(() => { code.value = exporter.code(); });
    const format = h("select", { onchange: () => { exporter.format = format.value; } }, ...Object.keys(PAPER).map((name) => h("option", { value: name }, name)));
    const csv = (text, list) => button(text, () => exporter.saveCsv(list));
    return section(words.export, false, line(words.paper, format),
      h("div.buttons", button("PNG", exporter.savePng), button("SVG", exporter.saveSvg), button("PDF", exporter.savePdf),
        csv(words.csv_actors, app.lists[0]), csv(words.csv_ties, app.lists[1]),
        button("GEXF", exporter.saveGexf), button(words.print, () => window.print())),
      h("label", span(words.code), code));
  }

  // Card -------------------------------------------------------------------------------------------

  /** The layers of some ties, each with its periods and what is not sure. */
  function kinship(ties) {
    const kept = new Map(ties.map((i) => [model.layerName(i), new Set()]));
    ties.forEach((i) => {
      const when = [model.periodName(i), model.status[i] ? model.statusName(i) : ""].filter(Boolean).join(" ");
      if (when) kept.get(model.layerName(i)).add(when);
    });
    return [...kept].map(([layer, when]) => (when.size ? `${layer} (${[...when].join(", ")})` : layer)).join(" · ");
  }

  const evidence = (ties) => [...new Set(ties.flatMap(model.evidenceNames))];

  function showCard() {
    const { selected: a, pinned, ego, route } = state;
    const held = [...card.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    card.hidden = a < 0;
    card.replaceChildren();
    if (a < 0) return;
    const other = pinned >= 0 && pinned !== a ? pinned : -1, portrait = model.portrait(a);
    const act = (text, pressed, changes) => button(text, () => app.set(changes), { "aria-pressed": String(pressed) });
    const close = act("×", false, { selected: -1, ego: 0, route: false }), proofs = evidence([...portrait.partners, ...portrait.others].flatMap((row) => row[1]));
    close.title = close.ariaLabel = words.close;
    const place = new Set([model.kindName(a), model.territoryName(a), model.groupName(a), model.ghost[a] && words.ghost].filter(Boolean));
    put(card, h("h2", { id: "card-title", tabIndex: -1 }, model.name[a]), h("p", [...place].join(" · ")), h("div.buttons",
      ...[1, 2].map((steps) => act(words[`ego${steps}`], ego === steps, { ego: ego === steps ? 0 : steps })),
      act(words.pin, pinned === a, { pinned: pinned === a ? -1 : a, route: false }),
      other >= 0 && act(words.route, route, { route: !route }), close));
    if (route && other >= 0) {
      put(card, h("p", model.path.length ? fill(words.route_found, { steps: model.path.length - 1 }) : words.route_none),
        h("ol", ...model.path.map((step) => h("li", actorButton(step)))));
    }
    const list = (title, rows, write) => rows.length && put(card, h("h3", title), h("ul", ...rows.map((row) => h("li", ...write(row)))));
    const around = (title, rows) => list(fill(title, { n: rows.length, ties: portrait.total }), rows.slice(0, MOST_NEIGHBOURS),
      ([b, ties]) => [actorButton(b), h("small", kinship(ties))]);
    put(card, measures(a, other));
    around(words.partners, portrait.partners);
    around(words.others, portrait.others);
    list(words.evidence, proofs, (text) => [h("small", text)]);
    // The card is new: the focus stays where the reader had it.
    if (held >= 0) (card.querySelectorAll("button")[held] || byId("card-title")).focus();
  }

  /** The measures of an actor, beside those of the pinned one. */
  function measures(a, other) {
    const who = other < 0 ? [a] : [a, other], portraits = who.map(model.portrait);
    const row = (label, value, rank) => h("tr", h("th", { scope: "row" }, label), other < 0 && h("td", h("small", rank)),
      ...who.map((each, i) => h("td", value(each, portraits[i]))));
    const head = h("tr", ...[words.metric, ...who.map((each) => model.name[each])].map((text) => h("th", { scope: "col" }, text)));
    const known = (value, write = number) => (value === value ? write(value) : words.undefined);
    const measure = ({ label, values }) => row(label, (each) => known(values[each]),
      values[a] === values[a] && fill(words.rank, { n: 1 + values.filter((value) => value > values[a]).length }));
    return h("table", h("caption", words.measures), other >= 0 && h("thead", head), h("tbody", ...model.metrics.map(measure),
      data.framed && row(words.out_share, (_, portrait) => known(portrait.out, percent)),
      ...data.layers.map((layer, i) => portraits.some((portrait) => portrait.layers[i])
        && row(fill(words.layer_ties, { layer: layer.label }), (_, portrait) => number(portrait.layers[i])))));
  }

  const [lead, ...rest] = data.summary;
  put(panel, card, h("section", { id: "brief" }, h("h2", words.summary), h("p", lead),
    rest[0] && h("details", h("summary", words.more), ...rest.map((text) => h("p", text)))),
  data.periods[0] && periods(), scale, layers(), group(data.color_label, ...checks("colors", data.colors, signs.color, "color")),
  group(words.kinds, ...checks("kinds", data.kinds, (i) => signs.kind(data.kinds[i]), "kind")),
  large && index(), filters(), display(), data.bridges[0] && bridges(), exports());

  return { actorButton, kinship, evidence, showScale, sync: () => { syncs.forEach((sync) => sync()); showCard(); } };
}
