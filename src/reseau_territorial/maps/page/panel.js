/* Legend, filters and card: what the map shows and what the reader may ask. Only createElement and textContent. */

const MOST_NEIGHBOURS = 60;

/** Create an element, "tag.class": a first part that is a plain object holds properties and attributes, the others are inside. */
function h(name, ...parts) {
  const [tag, className] = name.split("."), element = document.createElement(tag);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(parts[0] && parts[0].constructor === Object ? parts.shift() : {})) {
    if (key === "on") for (const [event, act] of Object.entries(value)) listen(element, event, act);
    else if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...parts.filter((part) => part !== null && part !== undefined));
  return element;
}

const button = (content, click, properties) => h("button", { type: "button", on: { click }, ...properties }, content);
const listen = (target, name, act, options) => target.addEventListener(name, act, options);
const span = (text) => h("span", text);
const line = (text, ...children) => h("label.line", span(text), ...children);
const byId = (id) => document.getElementById(id);
const section = (title, open, ...children) => h("details.part", { open }, h("summary", h("h2", title)), ...children);

/** A small drawing for the legend; colours follow the theme through custom properties. */
function swatch(d, style) {
  const svg = svgNode("svg", { viewBox: "-14 -9 28 18", class: "swatch", "aria-hidden": "true" });
  svg.append(svgNode("path", { d, fill: "none", ...style }));
  return svg;
}

const markerSwatch = (shape, color) => swatch(markerData(shape, 6), shape.hollow
  ? { stroke: `var(--color-${color})`, "stroke-width": 3 } : { fill: `var(--color-${color})`, stroke: "var(--outline)" });
const lineSwatch = (color, dash) => swatch("M-13.5 0H13.5", {
  stroke: `var(--${color})`, "stroke-width": 2, "stroke-dasharray": dash.map((step) => step * 1.6).join(" ") || "none",
});

/** One Tab stop for a group of boxes; arrows move inside. */
function group(title, ...children) {
  const field = h("fieldset", h("legend", title), ...children);
  const boxes = () => /** @type {HTMLInputElement[]} */ ([...field.querySelectorAll("input[type=checkbox]")]);
  boxes().forEach((box, i) => { box.tabIndex = i ? -1 : 0; });
  listen(field, "keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key], all = boxes();
    const here = all.indexOf(/** @type {HTMLInputElement} */ (event.target));
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
  const { model, exporter } = app, { data } = model, { words, shapes } = data, syncs = [];
  const number = numbers(data.lang, { maximumFractionDigits: 3 });
  const rough = numbers(data.lang, { maximumSignificantDigits: 2 });
  const percent = numbers(data.lang, { style: "percent" });
  const card = h("section", { id: "card", hidden: true, "aria-labelledby": "card-title" });
  const actorButton = (a) => button(model.name[a], () => app.select(a, true), { className: "link" });

  // Controls ---------------------------------------------------------------------------------------

  /** A box with its drawing, its words and a count; pointing at it brings its part of the map forward. */
  function check(text, get, set, drawing, count, lit) {
    const box = h("input", { type: "checkbox", on: { change: () => app.change(() => set(box.checked)) } });
    syncs.push(() => { box.checked = get(); });
    const row = h("label.check", box, drawing, span(text), count === undefined ? null : h("small", number(count)));
    if (lit) {
      for (const name of ["pointerenter", "focusin"]) listen(row, name, () => app.light(lit));
      for (const name of ["pointerleave", "focusout"]) listen(row, name, () => app.light(null));
    }
    return row;
  }

  const flag = (text, key, drawing = null) => check(text, () => model.state[key], (on) => { model.state[key] = on; }, drawing);
  const checks = (key, items, drawing, lit) => items.map((item, i) => check(item.label, () => model.state[key][i],
    (on) => { model.state[key][i] = on; }, drawing(item, i), item.n, lit && { key: lit, value: i }));

  function choice(text, options, get, set) {
    const select = h("select", { on: { change: () => app.change(() => set(Number(select.value))) } },
      ...options.map(([value, name]) => h("option", { value }, name)));
    syncs.push(() => { select.value = String(get()); });
    return line(text, select);
  }

  /** A slider and what it says. */
  function slider(text, max, get, set, say) {
    const said = h("output"), range = h("input", {
      type: "range", min: 0, max, step: 1, "aria-label": text, on: { input: () => app.change(() => set(Number(range.value))) },
    });
    syncs.push(() => {
      range.value = String(get());
      said.textContent = say();
      range.setAttribute("aria-valuetext", say());
    });
    return [range, said];
  }

  function layers() {
    const rows = checks("layers", data.layers, (layer, i) => lineSwatch(`layer-${i}`, layer.dash), "layer");
    const order = rows.map((_, i) => i).sort((p, q) => data.layers[q].n - data.layers[p].n || p - q);
    const part = (minor) => order.filter((i) => data.layers[i].minor === minor).map((i) => rows[i]), minor = part(true);
    return group(words.layers, ...minor.length ? [...part(false), h("p", words.minor), ...minor] : rows);
  }

  function periods() {
    const names = [words.all_periods, ...data.periods], { state } = model;
    const [range, said] = slider(words.period, data.periods.length, () => model.state.period + 1,
      (value) => { model.state.period = value - 1; }, () => names[model.state.period + 1]);
    const key = h("ul", ...data.changes.map((change, i) => h("li", lineSwatch(`change-${i}`, change.dash), `${change.glyph} ${change.label}`)));
    syncs.push(() => { key.hidden = !model.comparing(); });
    return group(words.period, said, range, data.periods.length > 1 ? check(words.compare, () => model.state.compare, (on) => {
      model.set({ compare: on, period: on ? max(1, model.state.period) : state.period });
    }) : null, key);
  }

  const metric = () => model.metrics[model.state.metric];

  /** Three sizes and the values they stand for. */
  function sizes() {
    const place = h("p.sizes");
    syncs.push(() => {
      const { low, high } = metric();
      place.replaceChildren(...[0, 0.5, 1].flatMap((share) => [swatch(markerData(shapes.circle, 5 * growth(share)),
        { stroke: "var(--ink)" }), span(rough(low + share * (high - low)))]));
    });
    return place;
  }

  function filters() {
    const fields = [], counted = [data.counts.present, data.counts.absent, data.counts.unknown];
    if (data.metrics.length) {
      const threshold = slider(words.threshold, 100, () => Math.round(100 * model.state.threshold / (metric().high || 1)),
        (value) => { model.state.threshold = metric().high * value / 100; }, () => number(model.state.threshold));
      fields.push(choice(words.size, data.metrics.map((each, i) => [i, each.label]), () => model.state.metric,
        (value) => { model.set({ metric: value, threshold: 0 }); }), sizes(),
      h("div.line", span(words.threshold), ...threshold));
    }
    if (data.territories.length > 1) {
      fields.push(choice(words.territory, [[-1, words.all], ...data.territories.map((name, i) => [i, name])],
        () => model.state.territory, (value) => { model.state.territory = value; }));
    }
    if (data.levels.length) {
      fields.push(choice(words.level, [[0, words.all], ...data.levels.map((level) => [level.key, level.label])],
        () => model.state.level, (value) => { model.state.level = value; }));
    }
    if (counted[1] + counted[2]) {
      const drawing = (_, i) => swatch("M-13.5 0H13.5", { stroke: "var(--ink)", "stroke-width": 1.6, "stroke-dasharray": i ? "2 4" : "none" });
      fields.push(group(words.status, ...checks("status", data.statuses.map((label, i) => ({ label, n: counted[i] })), drawing).filter((_, i) => counted[i])));
    }
    return section(words.filters, true, ...fields);
  }

  function signs() {
    const rows = [flag(words.show_names, "names")];
    const disc = (style) => swatch(markerData(shapes.circle, 7), { stroke: "var(--ink)", "stroke-width": 1.6, ...style });
    if (data.framed) rows.unshift(flag(fill(words.sign_frame, { by: data.by_label }), "frames", disc({ fill: "var(--frame)", "stroke-width": 0.6 })));
    if (data.bridges.length) rows.unshift(flag(words.sign_bridge, "bridges", disc()));
    if (data.outlines.length) rows.push(flag(words.show_outlines, "outlines"));
    rows.push(check(words.move, () => app.moving, (on) => { app.moving = on; }));
    if (model.n > data.aggregate_above) {
      rows.push(check(words.aggregate, () => model.state.aggregate, (on) => {
        model.set({ aggregate: on, scope: -1 });
        app.camera.touched = false;
      }));
    }
    const ghosts = data.counts.absent + data.counts.unknown + data.counts.ghosts;
    return section(words.display, true, group(words.signs, ...rows),
      ghosts ? h("p.check", disc({ "stroke-dasharray": "2 2.5" }), span(words.sign_ghost)) : null);
  }

  function bridges() {
    return data.bridges.length ? section(words.bridges, true, h("p", words.bridges_help), h("ol", ...data.bridges.map((row) => h("li", {},
      actorButton(row.actor), h("small", ` ${fill(words.bridge_row, { groups: number(row.groups), ties: number(row.ties) })}`))))) : null;
  }

  function exports() {
    const code = h("textarea", { readOnly: true, rows: 4, "aria-label": words.code });
    syncs.push(() => { code.value = exporter.code(); });
    const format = h("select", { on: { change: () => { exporter.format = format.value; } } }, ...Object.keys(PAPER).map((name) => h("option", { value: name }, name)));
    const csv = (text, list, name) => button(text, () => exporter.saveCsv(list.columns(), list.rows(), name));
    return section(words.export, false, line(words.paper, format),
      h("div.buttons", button("PNG", exporter.savePng), button("SVG", exporter.saveSvg), button("PDF", exporter.savePdf),
        csv(words.csv_actors, app.lists[0], "acteurs"), csv(words.csv_ties, app.lists[1], "liens"),
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
    const { selected: a, pinned, ego, route } = model.state;
    const held = [...card.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    card.hidden = a < 0;
    card.replaceChildren();
    if (a < 0) return;
    const other = pinned >= 0 && pinned !== a ? pinned : -1, portrait = model.portrait(a);
    const act = (text, pressed, changes) => button(text, () => app.change(() => model.set(changes)), { "aria-pressed": String(pressed) });
    const close = act("×", false, { selected: -1, ego: 0, route: false }), proofs = evidence([...portrait.neighbours.values()].flat());
    close.title = close.ariaLabel = words.close;
    const place = new Set([model.kindName(a), model.territoryName(a), model.groupName(a), model.ghost[a] && words.ghost].filter(Boolean));
    card.append(h("h2", { id: "card-title", tabIndex: -1 }, model.name[a]), h("p", [...place].join(" · ")), h("div.buttons",
      ...[1, 2].map((steps) => act(words[`ego${steps}`], ego === steps, { ego: ego === steps ? 0 : steps })),
      act(words.pin, pinned === a, { pinned: pinned === a ? -1 : a, route: false }),
      other >= 0 ? act(words.route, route, { route: !route }) : null, close));
    if (route && other >= 0) {
      card.append(h("p", model.path.length ? fill(words.route_found, { steps: number(model.path.length - 1) }) : words.route_none),
        h("ol", ...model.path.map((step) => h("li", actorButton(step)))));
    }
    const around = [...portrait.neighbours].sort((p, q) => model.rank[p[0]] - model.rank[q[0]]);
    card.append(measures(a, other), h("h3", fill(words.neighbours, { n: number(around.length) })), h("ul", {},
      ...around.slice(0, MOST_NEIGHBOURS).map(([b, ties]) => h("li", actorButton(b), h("small", kinship(ties))))));
    if (proofs.length) card.append(h("h3", words.evidence), h("ul", ...proofs.map((text) => h("li", h("small", text)))));
    // The card is new: the focus stays where the reader had it.
    if (held >= 0) (card.querySelectorAll("button")[held] || byId("card-title")).focus();
  }

  /** The measures of an actor, beside those of the pinned one. */
  function measures(a, other) {
    const who = other < 0 ? [a] : [a, other], portraits = who.map(model.portrait);
    const row = (label, value, rank = "") => h("tr", h("th", { scope: "row" }, label), other < 0 ? h("td", h("small", rank)) : null,
      ...who.map((each, i) => h("td", value(each, portraits[i]))));
    const head = h("tr", ...[words.metric, ...who.map((each) => model.name[each])].map((text) => h("th", { scope: "col" }, text)));
    const measure = ({ label }, i) => {
      const { values } = model.metrics[i], known = (each) => values[each] === values[each];
      return row(label, (each) => (known(each) ? number(values[each]) : words.undefined), known(a) ? fill(words.rank, { n: number(model.placeBy(i, a)) }) : "");
    };
    return h("table", h("caption", words.measures), other < 0 ? null : h("thead", head), h("tbody", ...data.metrics.map(measure),
      data.framed ? row(words.out_share, (_, portrait) => (portrait.total ? percent(portrait.out) : words.undefined)) : null,
      ...data.layers.map((layer, i) => (portraits.some((portrait) => portrait.layers[i])
        ? row(fill(words.layer_ties, { layer: layer.label }), (_, portrait) => number(portrait.layers[i])) : null))));
  }

  const [lead, ...rest] = data.summary;
  panel.append(card, h("section", { id: "brief" }, h("h2", words.summary), h("p", lead),
    rest.length ? h("details", h("summary", words.more), ...rest.map((text) => h("p", text))) : null));
  if (data.periods.length) panel.append(periods());
  panel.append(layers(), group(data.color_label, ...checks("colors", data.colors, (_, i) => markerSwatch(shapes.square, i), "color")),
    group(words.kinds, ...checks("kinds", data.kinds, (kind) => markerSwatch(shapes[kind.shape], kind.color), "kind")));
  panel.append(...[filters(), signs(), bridges(), exports()].filter(Boolean));

  return { actorButton, kinship, evidence, sync: () => { syncs.forEach((sync) => sync()); showCard(); } };
}
