/* The tables below the map: the same network, actor by actor and tie by tie. */

const PAGE_ROWS = 100;

/* A column has the words that a reader sees and, for a file that programs read, the name and the codes of the library. */
/** What the tables hold: title, columns and rows, as seen now; the exports write the same. */
function tableContents(model) {
  const { data } = model, { words } = data;
  const column = (label, key, value, code = value) => ({ label, key, value, code });
  const named = (label, key, actor) => ({ ...column(label, key, (row) => model.name[actor(row)]), actor });
  const metric = ({ key, label, values }) => ({ ...column(label, key, (row) => values[row]), numeric: true });
  const actors = [
    named(words.name, "name", (a) => a),
    column(words.kind, "kind", model.kindName, (a) => data.kinds[model.kind[a]].key),
    column(data.color_label, data.color_key, (a) => data.colors[model.color[a]].label, (a) => data.colors[model.color[a]].key),
    ...data.territories.length ? [column(words.territory, data.territory_column, model.territoryName, (a) => data.territory_keys[model.territory[a]] || "")] : [],
    ...model.metrics.map(metric)];
  const ties = [
    named(words.source, "source", (i) => model.source[i]), named(words.target, "target", (i) => model.target[i]),
    column(words.layer, "layer", model.layerName, (i) => data.layers[model.layer[i]].key),
    ...data.periods.length ? [column(words.period, "period", model.periodName, (i) => data.period_keys[model.period[i]] || "")] : [],
    metric({ key: "weight", label: words.weight, values: model.weight }),
    column(words.status, "status", (i) => (model.change[i] ? data.changes[model.change[i] - 1].label : model.statusName(i)), (i) => STATUSES[model.status[i]]),
    ...data.evidences.length ? [column(words.evidence, "evidence", (i) => model.evidenceNames(i).join(" · "))] : []];
  return [
    { title: words.actors, file: "acteurs", columns: actors, rows: () => model.actors, has: (a, actor) => a === actor },
    { title: words.ties, file: "liens", columns: ties, rows: () => model.ties,
      has: (i, actor) => model.source[i] === actor || model.target[i] === actor },
  ];
}

/** A sorted, paged table in a disclosure; returns the function that shows it again. */
function makeTable(app, content, place, actorButton) {
  const { model } = app, { lang, words } = model.data, order = new Intl.Collator(lang, { numeric: true });
  const view = { sort: -1, down: false, page: 0 }, count = h("small");
  const body = h("div.rows", { tabIndex: 0, role: "region", "aria-label": content.title });
  const root = h("details", { ontoggle: () => refresh() }, h("summary", h("h2", content.title), count), body);
  place.append(root);

  function sorted(column) {
    const all = [...content.rows()];
    if (!column) return all;
    const values = new Map(all.map((row) => [row, column.value(row)])), turn = view.down ? -1 : 1;
    const missing = (row) => (values.get(row) !== values.get(row) ? 1 : 0);
    return all.sort((p, q) => missing(p) - missing(q) || turn * (column.numeric ? values.get(p) - values.get(q) || 0
      : order.compare(values.get(p), values.get(q))) || p - q);
  }

  function refresh() {
    count.textContent = number(content.rows().length);
    if (!root.open) return;
    const { columns } = content, all = sorted(columns[view.sort]), pages = max(1, ceil(all.length / PAGE_ROWS));
    view.page = clamp(view.page, 0, pages - 1);
    body.replaceChildren(table(columns, all.slice(view.page * PAGE_ROWS, (view.page + 1) * PAGE_ROWS)), pager(pages));
  }

  function table(columns, rows) {
    const turn = (i, numeric) => {
      Object.assign(view, { down: view.sort === i ? !view.down : Boolean(numeric), sort: i });
      refresh();
      root.querySelectorAll("th button")[i].focus();
    };
    const head = columns.map((column, i) => h("th", {
      scope: "col", className: column.numeric ? "number" : "", "aria-sort": view.sort !== i ? "none" : view.down ? "descending" : "ascending",
    }, button(column.label, () => turn(i, column.numeric))));
    const cell = (column, row) => {
      if (column.actor) return h("td", actorButton(column.actor(row)));
      const value = column.value(row);
      return h("td", { className: column.numeric ? "number" : "" }, !column.numeric ? value : value === value ? number(value) : words.undefined);
    };
    const { selected } = model.state;
    return h("table", h("caption.hidden", content.title), h("thead", h("tr", ...head)),
      h("tbody", ...rows.map((row) => h("tr", { className: selected >= 0 && content.has(row, selected) ? "chosen" : "" },
        ...columns.map((column) => cell(column, row))))));
  }

  function pager(pages) {
    if (pages < 2) return "";
    const go = (text, step) => button(text, () => { view.page += step; refresh(); }, { disabled: step < 0 ? !view.page : view.page >= pages - 1 });
    return h("nav.buttons", { "aria-label": words.pages }, go(words.before, -1),
      span(fill(words.page, { page: view.page + 1, pages })), go(words.next, 1));
  }

  return refresh;
}
