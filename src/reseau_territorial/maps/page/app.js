/* The page at work: one state, redrawn after each change; pointer, keyboard, themes and printing. */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const FORCED = matchMedia("(forced-colors: active)");
const SMALLEST_SHAPE = 3;
const SLOW_DRAW = 14;
const REDRAW_AFTER = 110;

function start(data) {
  const model = makeModel(data), { state } = model, camera = makeCamera(model), { words, theme, themes } = data;
  const map = byId("map"), canvas = /** @type {HTMLCanvasElement} */ (map.querySelector("canvas")), context = canvas.getContext("2d");
  const pen = canvasPen(context, theme.font, SMALLEST_SHAPE), past = [];
  const tip = h("div", { id: "tip", hidden: true, "aria-hidden": "true" });
  let panel, tables, look, dark, scene, ratio, bitmap, drawnAt, later, waiting, named = false, cost = 0;

  // State ------------------------------------------------------------------------------------------

  /** Change the state, remember the old one, and show the new one. */
  function change(act) {
    past.push(copy(state));
    if (past.length > 100) past.shift();
    const { selected } = state, before = model.ties.length;
    act();
    refresh();
    if (state.selected === selected && before !== model.ties.length) say(model.counts());
  }

  const set = (changes) => change(() => model.set(changes));

  function undo() {
    if (!past.length) return;
    model.set(past.pop());
    refresh();
    say(model.counts());
  }

  function reset() {
    const { aggregate, metric } = state;
    set({ ...copy(data.start), aggregate, metric });
    refit();
  }

  function refresh() {
    model.update();
    panel.sync();
    tables.forEach((show) => show());
    byId("counts").textContent = model.counts();
    undoButton.disabled = !past.length;
    overview.hidden = state.scope < 0;
    resetButton.hidden = !model.filtered();
    if (!camera.touched && canvas.width) fit();
    draw();
  }

  function say(text) { byId("live").textContent = text; }

  function select(actor, centred) {
    change(() => {
      state.selected = actor;
      if (actor < 0) model.set({ ego: 0, route: false });
      else if (state.aggregate) state.scope = model.group[actor];
    });
    if (actor < 0) return;
    if (centred) { camera.show(actor); draw(); }
    byId("panel").scrollTop = 0;
    say(`${model.name[actor]}, ${model.kindName(actor)}, ${fill(words.ties_count, { n: model.portrait(actor).total })}`);
  }

  /** Bring forward what a row of the legend stands for. */
  function light(lit) {
    model.lit = lit;
    frame(true);
  }

  // Drawing ----------------------------------------------------------------------------------------

  /** Colours reach the style sheet as custom properties. */
  function applyTheme() {
    const { style } = document.documentElement;
    look = themes[FORCED.matches ? "forced" : (dark === undefined ? DARK.matches : dark) ? "dark" : "light"];
    for (const [key, value] of Object.entries(look)) {
      if (Array.isArray(value)) value.forEach((color, i) => style.setProperty(property(key, i), color));
      else style.setProperty(property(key), value);
    }
    style.setProperty("--font", theme.font);
    style.colorScheme = look === themes.dark ? "dark" : "light";
  }

  function fit() {
    const small = camera.width < 500;
    camera.touched = false;
    camera.fit(camera.width, camera.height, { left: small ? 12 : 60, right: small ? 12 : 30, top: 26, bottom: small ? 64 : 22 });
  }

  function refit() { fit(); draw(); }

  function resize() {
    const { clientWidth: width, clientHeight: height } = map, dots = min(devicePixelRatio || 1, 2);
    if (!width || !height || (camera.width === width && camera.height === height && ratio === dots)) return;
    if (camera.touched) camera.pan((width - camera.width) / 2, (height - camera.height) / 2);
    Object.assign(camera, { width, height });
    ratio = dots;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    if (!camera.touched) fit();
    draw();
  }

  /** No name is written under the tools. */
  function blocked() {
    const { left, top } = map.getBoundingClientRect();
    return [...byId("tools").children].map((each) => each.getBoundingClientRect()).map((box) => [box.left - left, box.top - top, box.right - left, box.bottom - top]);
  }

  /** Wipe the canvas; what follows counts in units of so many dots. */
  function blank(dots) {
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.fillStyle = look.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  function draw() {
    const { width, height, k, x, y } = camera;
    if (!width || !canvas.width) return;
    const began = performance.now();
    clearTimeout(later);
    blank(ratio);
    scene = drawScene(pen, model, camera, { palette: look, text: 12, largest: 10, width, height, wall: 0, ceiling: 0,
      left: width < 500 ? 3 : 54, blocked: blocked() });
    if (named) scene.names();
    drawnAt = { k, x, y };
    bitmap = null;
    panel.showScale();
    cost = performance.now() - began;
  }

  /** While the hand moves, a slow map is slid as a picture and drawn again at rest. */
  function drawMoving() {
    if (cost < SLOW_DRAW) { draw(); return; }
    if (!bitmap) {
      bitmap = h("canvas", { width: canvas.width, height: canvas.height });
      bitmap.getContext("2d").drawImage(canvas, 0, 0);
    }
    const zoom = camera.k / drawnAt.k, { width, height } = canvas;
    blank(1);
    context.drawImage(bitmap, (camera.x - drawnAt.x * zoom) * ratio, (camera.y - drawnAt.y * zoom) * ratio, width * zoom, height * zoom);
    clearTimeout(later);
    later = setTimeout(draw, REDRAW_AFTER);
  }

  /** One drawing per frame, however many events. */
  function frame(full) {
    if (waiting) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      if (full) draw(); else drawMoving();
    });
  }

  // Hands ------------------------------------------------------------------------------------------

  /** The actor under a point, or -1. */
  function hit(x, y) {
    let best = -1, least = 6;
    if (!scene || model.summary) return best;
    for (const a of model.actors) {
      const distance = hypot(scene.sx[a] - x, scene.sy[a] - y) - scene.r[a];
      if (distance < least) { least = distance; best = a; }
    }
    return best;
  }

  function pointer() {
    const hands = new Map();
    let travel = 0, held = -1;
    const place = (event) => {
      const box = map.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    listen(map, "pointerdown", (event) => {
      if (event.target !== canvas) return;
      hands.set(event.pointerId, place(event));
      canvas.setPointerCapture(event.pointerId);
      travel = 0;
      held = app.moving ? hit(...hands.get(event.pointerId)) : -1;
    });
    listen(map, "pointermove", (event) => {
      const [x, y] = place(event), before = hands.get(event.pointerId);
      if (!before) { hint(event.target === canvas, x, y); return; }
      const other = [...hands].find(([id]) => id !== event.pointerId), dx = x - before[0], dy = y - before[1];
      if (other) {
        const [ox, oy] = other[1], then = hypot(before[0] - ox, before[1] - oy);
        if (then > 0) camera.zoom(hypot(x - ox, y - oy) / then, ox, oy);
      } else if (held >= 0) camera.drag(held, dx, dy);
      else if (travel > 3) camera.pan(dx, dy);
      travel += abs(dx) + abs(dy);
      hands.set(event.pointerId, [x, y]);
      if (travel > 3) frame(held >= 0);
    });
    const release = (event) => {
      if (!hands.delete(event.pointerId) || travel > 3 || event.type === "pointercancel") return;
      const [x, y] = place(event), actor = hit(x, y);
      if (!drill(x, y) && (actor >= 0 || state.selected >= 0)) select(actor, false);
    };
    listen(map, "pointerup", release);
    listen(map, "pointercancel", release);
    listen(map, "wheel", (event) => {
      event.preventDefault();
      camera.zoom(Math.exp(-clamp(event.deltaY, -240, 240) / 400), ...place(event));
      frame();
    }, { passive: false });
    listen(map, "pointerleave", () => hint(false));
  }

  /** The group under a point of the aggregated map, or -1. */
  const discAt = (x, y) => (model.summary && scene ? data.groups.findIndex((_, g) => {
    const [gx, gy, r] = scene.frame(g);
    return hypot(gx - x, gy - y) <= r;
  }) : -1);

  /** What is under the pointer, in words: an actor, a group, or a tie. */
  function hint(over, x, y) {
    const actor = over ? hit(x, y) : -1, disc = over ? discAt(x, y) : -1;
    const tie = over && actor < 0 && scene && !state.aggregate ? scene.tieAt(x, y) : -1;
    tip.hidden = max(actor, disc, tie) < 0;
    canvas.classList.toggle("over", !tip.hidden && tie < 0);
    if (tip.hidden) return;
    const { label, n } = data.groups[disc] || {}, ends = [model.source[tie], model.target[tie]].map((a) => model.name[a]);
    tip.replaceChildren(h("b", label || model.name[actor] || ends.join(data.layers[model.layer[tie]].directed ? " → " : " — ")),
      (label ? [number(n)] : tie < 0 ? [model.kindName(actor), model.groupName(actor)] : [panel.kinship([tie]), ...panel.evidence([tie])])
        .filter(Boolean).join(" · "));
    tip.style.left = `${clamp(x + 14, 0, max(0, camera.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${clamp(y + 14, 0, max(0, camera.height - tip.offsetHeight - 4))}px`;
  }

  /** On the aggregated map, a click on a territory opens it. */
  function drill(x, y) {
    const found = discAt(x, y);
    if (found >= 0) open(found);
    return !!model.summary;
  }

  function open(group) {
    camera.touched = false;
    set({ scope: group, selected: -1, ego: 0, route: false });
    if (group >= 0) say(model.counts());
  }

  function keyboard() {
    const pan = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const keys = {
      "+": () => zoomBy(1.3), "=": () => zoomBy(1.3), "-": () => zoomBy(1 / 1.3), 0: refit, n: () => step(1), p: () => step(-1),
      Enter: () => {
        if (state.selected >= 0) byId("card-title").focus();
        else if (model.summary) open(0);
      },
      Escape: () => { if (state.selected >= 0) select(-1, false); else open(-1); },
    };
    listen(map, "keydown", (event) => {
      const { key } = event;
      if (event.target !== map || event.ctrlKey || event.metaKey || event.altKey || !(pan[key] || keys[key])) return;
      if (pan[key]) { camera.pan(...pan[key]); frame(); } else keys[key]();
      event.preventDefault();
    });
    listen(document, "keydown", (event) => {
      const typing = /** @type {HTMLElement} */ (event.target).matches("input[type=search], textarea");
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); undo(); }
      if (event.key === "Escape" && byId("panel").contains(document.activeElement)) map.focus();
    });
  }

  function zoomBy(factor) {
    camera.zoom(factor, camera.width / 2, camera.height / 2);
    draw();
  }

  /** Go from actor to actor in the order of their importance. */
  function step(direction) {
    const order = model.ranked(), here = order.indexOf(state.selected);
    if (order.length) select(order[here < 0 ? (direction > 0 ? 0 : order.length - 1) : (here + direction + order.length) % order.length], true);
  }

  function tool(d, title, act) {
    const icon = swatch();
    icon.append(svgNode("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.8 }));
    return button(icon, act, { title, "aria-label": title });
  }

  const undoButton = tool("M-6 -2H3A5 5 0 0 1 3 7H-3M-2 -6L-6 -2L-2 2", words.undo, undo);
  const overview = button(words.overview, () => open(-1)), resetButton = button(words.reset, reset);

  function toolbar() {
    const bar = byId("tools");
    map.append(tip);
    put(bar, h("div", tool("M-7 0H7M0 -7V7", words.zoom_in, () => zoomBy(1.4)), tool("M-7 0H7", words.zoom_out, () => zoomBy(1 / 1.4)),
      tool("M-7 -2V-7H-2M7 2V7H2M-7 -7L-2 -2M7 7L2 2", words.fit, refit), undoButton,
      tool("M0 -6.5A6.5 6.5 0 1 0 0 6.5A6.5 6.5 0 1 0 0 -6.5V6.5M2.5 -5V5M5 -3V3", words.theme, () => {
        dark = look !== themes.dark;
        applyTheme();
        draw();
      }), document.fullscreenEnabled && tool("M-8 -3V-7H-4M4 -7H8V-3M8 3V7H4M-4 7H-8V3", words.full_screen,
        () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()))),
    overview, resetButton);
  }

  function searchBox() {
    const found = h("ul", { id: "found", hidden: true }), place = byId("searching");
    const box = h("input", { type: "search", id: "search", autocomplete: "off", placeholder: words.search, "aria-label": words.search });
    const close = () => { found.hidden = true; };
    listen(box, "input", () => {
      const actors = model.search(box.value);
      found.replaceChildren(...actors.slice(0, 12).map((a) => h("li", button(model.name[a], () => {
        close();
        select(a, true);
      }, {}))));
      found.querySelectorAll("button").forEach((row, i) => row.append(h("small", model.kindName(actors[i]))));
      found.hidden = !actors.length;
      if (box.value.trim()) say(fill(words.found, { n: actors.length }));
    });
    listen(box, "keydown", (event) => {
      const first = found.querySelector("button");
      if (event.key === "Enter" && first && !found.hidden) first.click();
      if (event.key === "Escape") { box.value = ""; close(); }
    });
    place.append(box, found);
    listen(place, "focusout", (event) => { if (!place.contains(/** @type {Node} */ (event.relatedTarget))) close(); });
  }

  /** A frame may be 0 pixels wide at first: fit again until the reader has moved the map. */
  function watch() {
    const sheet = byId("sheet");
    new ResizeObserver(resize).observe(map);
    for (const query of [DARK, FORCED]) listen(query, "change", () => { applyTheme(); draw(); });
    listen(window, "beforeprint", () => { sheet.className = app.exporter.format; sheet.replaceChildren(app.exporter.svg()); });
    listen(window, "afterprint", () => sheet.replaceChildren());
    resize();
  }

  const lists = tableContents(model), app = { model, camera, change, set, select, light, open, moving: false, exporter: exporter(model, camera, lists), lists };

  /** Everything around the map, before its first drawing. */
  function build() {
    panel = makePanel(app, byId("panel"));
    tables = lists.map((content) => makeTable(app, content, byId("tables"), panel.actorButton));
    toolbar();
    searchBox();
    pointer();
    keyboard();
  }

  /** For the pages that embed the map and for its tests: what is drawn, and a way to choose. */
  function expose() {
    Object.defineProperty(window, "carte", { value: Object.freeze({
      shown: () => ({ actors: model.actors.length, ties: model.ties.length }),
      labels: () => scene.labels.map(({ text, box, actor }) => ({ text, box: [...box], actor })),
      frames: () => data.groups.map((_, g) => scene.frame(g)),
      place: (actor) => [scene.sx[actor], scene.sy[actor], scene.r[actor]],
      select: (actor) => select(actor, true),
      state: () => copy(state),
      drawTime: () => cost,
    }) });
  }

  // Reading, writing the panel, filling it, drawing and naming are tasks apart, so that none keeps the page from answering.
  // The first does not wait for a frame: the map would come one frame later.
  applyTheme();
  const tasks = [build, refresh, watch, () => { named = true; if (scene) scene.names(); }, expose];
  const next = () => { tasks.shift()(); if (tasks.length) requestAnimationFrame(next); };
  setTimeout(next);
}

const inline = byId("data");
if (inline) start(JSON.parse(inline.textContent));
else fetch("donnees.json").then((answer) => answer.json()).then(start).catch(() => byId("offline").removeAttribute("hidden"));
