/* Legend, filters, card and tables: the same network in words. Only createElement and textContent. */

const PAGE_ROWS = 100;

/** Create an element; keys that are properties are set so, the others become attributes. */
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key === "on") for (const [name, act] of Object.entries(value)) listen(element, name, act);
    else if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const button = (content, click, properties) => h("button", { type: "button", on: { click }, ...properties }, content);
const listen = (target, name, act, options) => target.addEventListener(name, act, options);
const line = (text, ...children) => h("label", { className: "line" }, h("span", {}, text), ...children);
const byId = (id) => document.getElementById(id);

/** A small drawing for the legend; colours follow the theme through custom properties. */
function swatch(d, style) {
  const svg = svgNode("svg", { viewBox: "-14 -9 28 18", class: "swatch", "aria-hidden": "true" });
  svg.append(svgNode("path", { d, fill: "none", ...style }));
  return svg;
}

const markerSwatch = (shape, color) => swatch(polygonData(markerRings(shape, [0, 0, 6])), shape.hollow
  ? { stroke: `var(--color-${color})`, "stroke-width": 3 } : { fill: `var(--color-${color})`, stroke: "var(--outline)" });
const lineSwatch = (color, dash) => swatch("M-13.5 0H13.5", {
  stroke: `var(--${color})`, "stroke-width": 2, "stroke-dasharray": dash.map((step) => step * 1.6).join(" ") || "none",
});

class Panel {
  constructor(app) {
    this.app = app;
    this.model = app.model;
    this.data = app.model.data;
    this.words = this.data.words;
    this.syncs = [];
    this.number = new Intl.NumberFormat(this.data.lang, { maximumFractionDigits: 3 }).format;
    this.order = new Intl.Collator(this.data.lang, { numeric: true });
    this.build(byId("panel"));
    this.tables(byId("tables"));
  }

  build(panel) {
    const { words, data } = this;
    this.card = h("section", { id: "card", hidden: true, "aria-labelledby": "card-title" });
    panel.append(this.card);
    panel.append(this.checks(data.color_label, "colors", data.colors, (_, i) => markerSwatch(data.shapes.square, i)));
    panel.append(this.checks(words.kinds, "kinds", data.kinds, (kind) => markerSwatch(data.shapes[kind.shape], kind.color)));
    panel.append(this.checks(words.layers, "layers", data.layers, (layer, i) => lineSwatch(`layer-${i}`, layer.dash)));
    if (data.periods.length) panel.append(this.periods());
    panel.append(this.more(), this.section(words.summary, true, ...data.summary.map((text) => h("p", {}, text))));
    if (data.bridges.length) {
      panel.append(this.section(words.bridges, true, h("p", {}, words.bridges_help), h("ol", {}, ...data.bridges.map((row) =>
        h("li", {}, this.actorButton(row.actor), ` ${fill(words.bridge_row, { groups: this.number(row.groups), ties: this.number(row.ties) })}`)))));
    }
    panel.append(this.display());
    panel.append(this.exports());
  }

  section(title, open, ...children) {
    return h("details", { open }, h("summary", {}, h("h2", {}, title)), ...children);
  }

  /** One Tab stop for a group of boxes; arrows move inside. */
  group(title, ...children) {
    const field = h("fieldset", {}, h("legend", {}, title), ...children);
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

  check(text, get, set, drawing) {
    const box = h("input", { type: "checkbox", on: { change: () => this.app.change(() => set(box.checked)) } });
    this.syncs.push(() => { box.checked = get(); });
    return h("label", { className: "check" }, box, drawing, h("span", {}, text));
  }

  checks(title, key, items, drawing) {
    const { model } = this, boxes = items.map((item, i) => this.check(
      item.n === undefined ? item.label : `${item.label} (${this.number(item.n)})`,
      () => model.state[key][i], (on) => { model.state[key][i] = on; }, drawing(item, i)));
    return this.group(title, ...boxes);
  }

  choice(text, options, get, set) {
    const select = h("select", { on: { change: () => this.app.change(() => set(Number(select.value))) } },
      ...options.map(([value, name]) => h("option", { value }, name)));
    this.syncs.push(() => { select.value = String(get()); });
    return line(text, select);
  }

  periods() {
    const { words, data } = this, names = [words.all_periods, ...data.periods];
    const said = h("output", {}), range = h("input", {
      type: "range", min: 0, max: data.periods.length, step: 1, "aria-label": words.period,
      on: { input: () => this.app.change(() => { this.model.state.period = Number(range.value) - 1; }) },
    });
    this.syncs.push(() => {
      const { period } = this.model.state;
      range.value = String(period + 1);
      range.setAttribute("aria-valuetext", names[period + 1]);
      said.textContent = names[period + 1];
      key.hidden = !(this.model.state.compare && period > 0);
    });
    const key = h("ul", { className: "key" }, ...data.changes.map((change, i) => h("li", {},
      lineSwatch(`change-${i}`, change.dash), `${change.glyph} ${change.label}`)));
    return this.group(words.period, h("div", { className: "line" }, range, said), this.check(words.compare,
      () => this.model.state.compare, (on) => {
        this.model.state.compare = on;
        if (on && this.model.state.period < 1) this.model.state.period = 1;
      }), key);
  }

  more() {
    const { words, data, model } = this, fields = [];
    if (data.metrics.length) {
      fields.push(this.choice(words.size, data.metrics.map((metric, i) => [i, metric.label]), () => model.state.metric,
        (value) => { model.state.metric = value; model.state.threshold = 0; }));
      const said = h("output", {}), range = h("input", {
        type: "range", min: 0, max: 100, "aria-label": words.threshold,
        on: { input: () => this.app.change(() => { model.state.threshold = this.top() * Number(range.value) / 100; }) },
      });
      this.syncs.push(() => {
        range.value = String(Math.round(100 * model.state.threshold / (this.top() || 1)));
        said.textContent = this.number(model.state.threshold);
        range.setAttribute("aria-valuetext", said.textContent);
      });
      fields.push(h("div", { className: "line" }, h("span", {}, words.threshold), range, said));
    }
    if (data.territories.length > 1) {
      fields.push(this.choice(words.territory, [[-1, words.all], ...data.territories.map((name, i) => [i, name])],
        () => model.state.territory, (value) => { model.state.territory = value; }));
    }
    if (data.levels.length) {
      fields.push(this.choice(words.level, [[0, words.all], ...data.levels.map((level) => [level.key, level.label])],
        () => model.state.level, (value) => { model.state.level = value; }));
    }
    const status = [data.counts.present, data.counts.absent, data.counts.unknown];
    if (status[1] + status[2]) {
      fields.push(this.group(words.status, ...data.statuses.map((name, i) => status[i] ? this.check(`${name} (${this.number(status[i])})`,
        () => model.state.status[i], (on) => { model.state.status[i] = on; }) : null)));
    }
    return this.section(words.filters, true, ...fields);
  }

  top() { return this.model.metrics[this.model.state.metric].high; }

  display() {
    const { words, data } = this, fields = ["names", "bridges"];
    if (data.framed) fields.push("frames");
    if (data.outlines.length) fields.push("outlines");
    const boxes = fields.map((key) => this.check(words[`show_${key}`], () => this.model.state[key], (on) => { this.model.state[key] = on; }));
    boxes.push(this.check(words.move, () => this.app.moving, (on) => { this.app.moving = on; }));
    if (this.model.n > data.aggregate_above) {
      boxes.push(this.check(words.aggregate, () => this.model.state.aggregate, (on) => {
        Object.assign(this.model.state, { aggregate: on, scope: -1 });
        this.app.camera.touched = false;
      }));
    }
    return this.section(words.display, false, this.group(words.show, ...boxes));
  }

  exports() {
    const { words, app: { exporter } } = this;
    const code = h("textarea", { readOnly: true, rows: 3, "aria-label": words.code });
    this.syncs.push(() => { code.value = exporter.code(); });
    const format = h("select", { on: { change: () => { exporter.format = format.value; } } }, ...Object.keys(PAPER).map((name) => h("option", { value: name }, name)));
    return this.section(words.export, false, line(words.paper, format),
      h("div", { className: "buttons" }, button("PNG", () => exporter.savePng()), button("SVG", () => exporter.saveSvg()), button("PDF", () => exporter.savePdf()),
        button(words.csv_actors, () => exporter.saveCsv(this.actorColumns(), this.shownActors(), "acteurs")),
        button(words.csv_ties, () => exporter.saveCsv(this.tieColumns(), this.shownTies(), "liens")),
        button("GEXF", () => exporter.saveGexf()), button(words.print, () => window.print())),
      h("label", {}, h("span", {}, words.code), code));
  }

  // Card -------------------------------------------------------------------------------------------

  actorButton(actor) {
    return button(this.model.name[actor], () => this.app.select(actor, true), { className: "link" });
  }

  metricText(i, actor) {
    const value = this.model.metrics[i].values[actor];
    return value === value ? this.number(value) : this.words.undefined;
  }

  showCard() {
    const { model, words, card, number } = this, { selected, pinned, ego } = model.state;
    const held = [...card.querySelectorAll("button")].indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    card.hidden = selected < 0;
    card.replaceChildren();
    if (selected < 0) return;
    const a = selected, portrait = model.portrait(a), other = pinned >= 0 && pinned !== a ? pinned : -1;
    const act = (text, pressed, run) => button(text, () => this.app.change(run), { "aria-pressed": String(pressed) });
    const place = [model.kindName(a), model.territoryName(a), model.groupName(a)];
    card.append(h("h2", { id: "card-title", tabIndex: -1 }, model.name[a]),
      h("p", {}, [...new Set(place.filter(Boolean))].join(" · "), model.ghost[a] ? ` · ${words.ghost}` : ""),
      h("div", { className: "buttons" },
        ...[1, 2].map((steps) => act(words[`ego${steps}`], ego === steps, () => { model.state.ego = ego === steps ? 0 : steps; })),
        act(words.pin, pinned === a, () => { Object.assign(model.state, { pinned: pinned === a ? -1 : a, route: false }); }),
        other >= 0 ? act(words.route, model.state.route, () => { model.state.route = !model.state.route; }) : null,
        act(words.close, false, () => { Object.assign(model.state, { selected: -1, ego: 0, route: false }); })));
    if (model.state.route && other >= 0) {
      card.append(h("p", {}, model.path.length ? fill(words.route_found, { steps: number(model.path.length - 1) }) : words.route_none),
        h("ol", {}, ...model.path.map((step) => h("li", {}, this.actorButton(step)))));
    }
    card.append(this.measures(a, other));
    const around = [...portrait.neighbours].sort((p, q) => model.rank[p[0]] - model.rank[q[0]]);
    card.append(h("h3", {}, fill(words.neighbours, { n: number(around.length) })), h("ul", { className: "neighbours" },
      ...around.slice(0, 60).map(([b, ties]) => h("li", {}, this.actorButton(b), h("small", {}, ` ${this.evidence(ties)}`)))));
    // The card is new: the focus stays where the reader had it.
    if (held >= 0) (card.querySelectorAll("button")[held] || byId("card-title")).focus();
  }

  /** The measures of an actor, beside those of the pinned one. */
  measures(a, other) {
    const { model, words, data, number } = this, who = other < 0 ? [a] : [a, other], portraits = who.map((each) => model.portrait(each));
    const percent = new Intl.NumberFormat(data.lang, { style: "percent" });
    const row = (label, value) => h("tr", {}, h("th", { scope: "row" }, label), ...who.map((each, i) => h("td", {}, value(each, portraits[i]))));
    const head = h("tr", {}, ...[words.metric, ...who.map((each) => model.name[each])].map((text) => h("th", { scope: "col" }, text)));
    return h("table", {}, h("caption", {}, words.measures), other < 0 ? null : h("thead", {}, head), h("tbody", {},
      ...data.metrics.map((metric, i) => row(metric.label, (each) => this.metricText(i, each))),
      data.framed ? row(words.out_share, (_, portrait) => (portrait.total ? percent.format(portrait.out) : words.undefined)) : null,
      ...data.layers.map((layer, i) => row(fill(words.layer_ties, { layer: layer.label }), (_, portrait) => number(portrait.layers[i])))));
  }

  /** Layers, levels and sources of some ties, in one line. */
  evidence(ties) {
    const { model } = this;
    return [...new Set(ties.map((i) => [model.layerName(i), model.periodName(i),
      model.status[i] ? model.statusName(i) : null, model.evidenceName(i)]
      .filter(Boolean).join(", ")))].join("\u202f; ");
  }

  // Tables -----------------------------------------------------------------------------------------

  actorColumns() {
    const { model, data, words } = this;
    /** @type {{label: string, value: (a: number) => any, button?: (a: number) => HTMLElement, numeric?: boolean}[]} */
    const columns = [
      { label: words.name, value: (a) => model.name[a], button: (a) => this.actorButton(a) },
      { label: words.kind, value: (a) => model.kindName(a) },
      { label: data.color_label, value: (a) => data.colors[model.color[a]].label },
      { label: words.territory, value: (a) => model.territoryName(a) }];
    data.metrics.forEach((metric, i) => columns.push({ label: metric.label, value: (a) => model.metrics[i].values[a], numeric: true }));
    return data.territories.length ? columns : columns.filter((column) => column.label !== words.territory);
  }

  tieColumns() {
    const { model, data, words } = this;
    /** @type {{label: string, value: (i: number) => any, button?: (i: number) => HTMLElement, numeric?: boolean}[]} */
    const columns = [
      { label: words.source, value: (i) => model.name[model.source[i]], button: (i) => this.actorButton(model.source[i]) },
      { label: words.target, value: (i) => model.name[model.target[i]], button: (i) => this.actorButton(model.target[i]) },
      { label: words.layer, value: (i) => model.layerName(i) },
      { label: words.period, value: (i) => model.periodName(i) },
      { label: words.weight, value: (i) => model.weight[i], numeric: true },
      { label: words.status, value: (i) => (model.change[i] ? data.changes[model.change[i] - 1].label : model.statusName(i)) },
      { label: words.evidence, value: (i) => model.evidenceName(i) }];
    return columns.filter((column) => (column.label !== words.period || data.periods.length) && (column.label !== words.evidence || data.evidences.length));
  }

  shownActors() { return [...this.model.actorOn.keys()].filter((a) => this.model.actorOn[a]); }

  shownTies() { return [...this.model.tieOn.keys()].filter((i) => this.model.tieOn[i]); }

  tables(place) {
    const { words } = this;
    this.lists = [
      this.list(words.actors, () => this.actorColumns(), () => this.shownActors()),
      this.list(words.ties, () => this.tieColumns(), () => this.shownTies()),
    ];
    place.append(...this.lists.map((list) => list.root));
  }

  list(title, columns, rows) {
    const view = { sort: -1, down: false, page: 0, root: null, refresh: null };
    const count = h("span", {}), body = h("div", { className: "rows", tabIndex: 0, role: "region", "aria-label": title });
    view.root = h("details", { on: { toggle: () => view.refresh() } }, h("summary", {}, h("h2", {}, title), count), body);
    view.refresh = () => {
      const total = title === this.words.actors ? this.model.shown.actors : this.model.shown.ties;
      count.textContent = ` ${this.number(total)}`;
      if (!view.root.open) return;
      const all = rows(), cols = columns(), column = cols[view.sort];
      if (column) {
        const values = new Map(all.map((row) => [row, column.value(row)])), turn = view.down ? -1 : 1;
        const missing = (row) => (values.get(row) !== values.get(row) ? 1 : 0);
        all.sort((p, q) => missing(p) - missing(q) || turn * (column.numeric ? values.get(p) - values.get(q) || 0
          : this.order.compare(values.get(p), values.get(q))) || p - q);
      }
      const pages = Math.max(1, Math.ceil(all.length / PAGE_ROWS));
      view.page = clamp(view.page, 0, pages - 1);
      body.replaceChildren(this.table(title, cols, all.slice(view.page * PAGE_ROWS, (view.page + 1) * PAGE_ROWS), view), this.pager(view, pages));
    };
    return view;
  }

  table(title, columns, rows, view) {
    const turn = (i, numeric) => {
      view.down = view.sort === i ? !view.down : Boolean(numeric);
      view.sort = i;
      view.refresh();
      view.root.querySelectorAll("th button")[i].focus();
    };
    const head = columns.map((column, i) => h("th", {
      scope: "col", "aria-sort": view.sort !== i ? "none" : view.down ? "descending" : "ascending",
    }, button(column.label, () => turn(i, column.numeric))));
    const cell = (column, row) => {
      if (column.button) return h("td", {}, column.button(row));
      const value = column.value(row);
      if (!column.numeric) return h("td", {}, value);
      return h("td", { className: "number" }, value === value ? this.number(value) : this.words.undefined);
    };
    return h("table", {}, h("caption", { className: "hidden" }, title), h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...columns.map((column) => cell(column, row))))));
  }

  pager(view, pages) {
    if (pages < 2) return h("span", {});
    const go = (text, step) => button(text, () => { view.page += step; view.refresh(); },
      { disabled: step < 0 ? !view.page : view.page >= pages - 1 });
    return h("nav", { className: "buttons", "aria-label": this.words.pages }, go(this.words.before, -1),
      h("span", {}, fill(this.words.page, { page: this.number(view.page + 1), pages: this.number(pages) })), go(this.words.next, 1));
  }

  sync() {
    this.syncs.forEach((sync) => sync());
    this.showCard();
    this.lists.forEach((list) => list.refresh());
  }
}
