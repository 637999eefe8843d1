/* The page at work: one state, redrawn after each change; pointer, keyboard, themes and printing. */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const FORCED = matchMedia("(forced-colors: active)");
const SLOW_DRAW = 14;
const REDRAW_AFTER = 110;

class App {
  constructor(data, ready) {
    this.model = new Model(data);
    this.camera = new Camera(this.model);
    this.exporter = new Exporter(this.model, this.camera);
    this.map = byId("map");
    this.canvas = /** @type {HTMLCanvasElement} */ (this.map.querySelector("canvas"));
    this.context = this.canvas.getContext("2d");
    this.pen = new CanvasPen(this.context, data.theme.font);
    this.number = new Intl.NumberFormat(data.lang).format;
    this.live = byId("live");
    this.past = [];
    this.moving = false;
    this.cost = 0;
    this.applyTheme();
    this.panel = new Panel(this);
    this.toolbar();
    this.searchBox();
    this.pointer();
    this.keyboard();
    // Reading and drawing are two tasks, so that neither keeps the page from answering.
    requestAnimationFrame(() => {
      this.refresh();
      this.watch();
      ready(this);
    });
  }

  // State ------------------------------------------------------------------------------------------

  /** Change the state, remember the old one, and show the new one. */
  change(act) {
    this.past.push(JSON.stringify(this.model.state));
    if (this.past.length > 100) this.past.shift();
    const { selected } = this.model.state, before = this.model.shown.ties;
    act();
    this.refresh();
    if (this.model.state.selected === selected && before !== this.model.shown.ties) this.say(this.model.counts());
  }

  undo() {
    if (!this.past.length) return;
    this.model.state = JSON.parse(this.past.pop());
    this.refresh();
    this.say(this.model.counts());
  }

  refresh() {
    this.model.update();
    this.panel.sync();
    byId("counts").textContent = this.model.counts();
    this.undoButton.disabled = !this.past.length;
    this.overview.hidden = this.model.state.scope < 0;
    if (!this.camera.touched && this.canvas.width) this.fit();
    this.draw();
  }

  say(text) { this.live.textContent = text; }

  select(actor, centred) {
    this.change(() => {
      this.model.state.selected = actor;
      if (actor < 0) Object.assign(this.model.state, { ego: 0, route: false });
      else if (this.model.state.aggregate) this.model.state.scope = this.model.group[actor];
    });
    if (actor < 0) return;
    const { model } = this, x = model.x[actor], y = model.y[actor];
    const sx = x * this.camera.k + this.camera.x, sy = y * this.camera.k + this.camera.y;
    if (centred && (sx < 40 || sy < 40 || sx > this.camera.width - 40 || sy > this.camera.height - 40)) {
      this.camera.centre(x, y);
      this.camera.touched = true;
      this.draw();
    }
    byId("panel").scrollTop = 0;
    const ties = fill(model.data.words.ties_count, { n: this.number(model.portrait(actor).total) });
    this.say(`${model.name[actor]}, ${model.kindName(actor)}, ${ties}`);
  }

  // Drawing ----------------------------------------------------------------------------------------

  palette() {
    const { themes } = this.model.data;
    if (FORCED.matches) {
      const ink = "CanvasText", fill = (list) => list.map(() => ink);
      const { light } = themes;
      return { ...light, background: "Canvas", ink, muted: ink, outline: ink, frame: "Canvas", frame_line: "GrayText",
        accent: "Highlight", colors: fill(light.colors), layers: fill(light.layers), changes: fill(light.changes) };
    }
    const dark = this.dark === undefined ? DARK.matches : this.dark;
    return dark ? themes.dark : themes.light;
  }

  /** Colours reach the style sheet as custom properties. */
  applyTheme() {
    const style = document.documentElement.style, { theme, themes } = this.model.data;
    this.look = this.palette();
    for (const [key, value] of Object.entries(this.look)) {
      if (Array.isArray(value)) value.forEach((color, i) => style.setProperty(`--${key.slice(0, -1)}-${i}`, color));
      else style.setProperty(`--${key.replace("_", "-")}`, value);
    }
    style.setProperty("--font", theme.font);
    style.colorScheme = this.look === themes.dark ? "dark" : "light";
  }

  fit() {
    this.camera.touched = false;
    const edge = this.camera.width < 500 ? 14 : 30;
    this.camera.fit(this.camera.width, this.camera.height, { left: edge, right: edge, top: 58, bottom: 26 });
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.map, ratio = Math.min(devicePixelRatio || 1, 2);
    if (!width || !height) return;
    const { camera, canvas } = this;
    if (camera.width === width && camera.height === height && this.ratio === ratio) return;
    if (camera.touched) { camera.x += (width - camera.width) / 2; camera.y += (height - camera.height) / 2; }
    Object.assign(camera, { width, height });
    this.ratio = ratio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    if (!camera.touched) this.fit();
    this.draw();
  }

  draw() {
    const { context, camera, ratio } = this;
    if (!camera.width || !this.canvas.width) return;
    const start = performance.now();
    clearTimeout(this.later);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.look.background;
    context.fillRect(0, 0, camera.width, camera.height);
    this.scene = new Scene(this.pen, this.model, camera, {
      palette: this.look, text: 12, largest: 10, width: camera.width, height: camera.height, number: this.number, ceiling: 0,
    });
    this.scene.draw();
    this.drawnAt = { k: camera.k, x: camera.x, y: camera.y };
    this.bitmap = null;
    this.cost = performance.now() - start;
  }

  /** While the hand moves, a slow map is slid as a picture and drawn again at rest. */
  drawMoving() {
    if (this.cost < SLOW_DRAW) return this.draw();
    const { canvas, context, camera, drawnAt } = this;
    if (!this.bitmap) {
      this.bitmap = this.bitmapCanvas || (this.bitmapCanvas = document.createElement("canvas"));
      this.bitmap.width = canvas.width;
      this.bitmap.height = canvas.height;
      this.bitmap.getContext("2d").drawImage(canvas, 0, 0);
    }
    const zoom = camera.k / drawnAt.k;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.look.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.bitmap, (camera.x - drawnAt.x * zoom) * this.ratio, (camera.y - drawnAt.y * zoom) * this.ratio,
      canvas.width * zoom, canvas.height * zoom);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.draw(), REDRAW_AFTER);
    return undefined;
  }

  // Hands ------------------------------------------------------------------------------------------

  /** The actor under a point, or -1. */
  hit(x, y) {
    const { scene, model } = this;
    let best = -1, least = Infinity;
    if (!scene || (model.state.aggregate && model.state.scope < 0)) return best;
    for (let a = 0; a < model.n; a++) {
      if (!model.actorOn[a]) continue;
      const distance = Math.hypot(scene.sx[a] - x, scene.sy[a] - y) - scene.r[a];
      if (distance < 6 && distance < least) { least = distance; best = a; }
    }
    return best;
  }

  pointer() {
    const { map, camera, model } = this, hands = new Map();
    let travel = 0, held = -1;
    const place = (event) => {
      const box = map.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    listen(map, "pointerdown", (event) => {
      if (event.target !== this.canvas) return;
      hands.set(event.pointerId, place(event));
      this.canvas.setPointerCapture(event.pointerId);
      travel = 0;
      held = this.moving ? this.hit(...hands.get(event.pointerId)) : -1;
    });
    listen(map, "pointermove", (event) => {
      const [x, y] = place(event), before = hands.get(event.pointerId);
      if (!before) return this.hint(event.target === this.canvas ? this.hit(x, y) : -1, x, y);
      const others = [...hands].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      if (others.length) {
        const [ox, oy] = others[0], now = Math.hypot(x - ox, y - oy), then = Math.hypot(before[0] - ox, before[1] - oy);
        if (then > 0) camera.zoom(now / then, ox, oy);
      } else if (held >= 0) {
        model.x[held] = Math.round((x - camera.x) / camera.k);
        model.y[held] = Math.round((y - camera.y) / camera.k);
      } else {
        camera.x += x - before[0];
        camera.y += y - before[1];
      }
      travel += Math.abs(x - before[0]) + Math.abs(y - before[1]);
      hands.set(event.pointerId, [x, y]);
      if (travel > 3) {
        camera.touched = true;
        this.frame(held >= 0);
      }
      return undefined;
    });
    const release = (event) => {
      if (!hands.delete(event.pointerId) || travel > 3 || event.type === "pointercancel") return;
      const [x, y] = place(event), actor = this.hit(x, y);
      if (!this.drill(x, y) && (actor >= 0 || model.state.selected >= 0)) this.select(actor, false);
    };
    listen(map, "pointerup", release);
    listen(map, "pointercancel", release);
    listen(map, "wheel", (event) => {
      event.preventDefault();
      camera.zoom(Math.exp(-clamp(event.deltaY, -240, 240) / 400), ...place(event));
      camera.touched = true;
      this.frame();
    }, { passive: false });
    listen(map, "pointerleave", () => this.hint(-1));
  }

  /** One drawing per frame, however many events. */
  frame(full) {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (full) this.draw(); else this.drawMoving();
    });
  }

  hint(actor, x, y) {
    const { tip, model } = this;
    tip.hidden = actor < 0;
    this.canvas.classList.toggle("over", actor >= 0);
    if (actor < 0) return;
    tip.textContent = `${model.name[actor]} · ${model.kindName(actor)}`;
    tip.style.left = `${clamp(x + 14, 0, Math.max(0, this.camera.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${clamp(y + 14, 0, Math.max(0, this.camera.height - tip.offsetHeight - 4))}px`;
  }

  /** On the aggregated map, a click on a territory opens it. */
  drill(x, y) {
    const { model, scene } = this;
    if (!model.state.aggregate || model.state.scope >= 0 || !scene) return false;
    const found = model.data.groups.findIndex((group) => {
      const [gx, gy, r] = scene.frame(group);
      return Math.hypot(gx - x, gy - y) <= r;
    });
    if (found >= 0) this.open(found);
    return true;
  }

  open(group) {
    this.camera.touched = false;
    this.change(() => Object.assign(this.model.state, { scope: group, selected: -1, ego: 0, route: false }));
    if (group >= 0) this.say(`${this.model.data.groups[group].label}, ${this.model.counts()}`);
  }

  keyboard() {
    const { map, camera, model } = this, pan = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    listen(map, "keydown", (event) => {
      if (event.target !== map || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key;
      if (pan[key]) { camera.x += pan[key][0]; camera.y += pan[key][1]; camera.touched = true; this.frame(); }
      else if (key === "+" || key === "=") this.zoomBy(1.3);
      else if (key === "-") this.zoomBy(1 / 1.3);
      else if (key === "0") { this.fit(); this.draw(); }
      else if (key === "n" || key === "p") this.step(key === "n" ? 1 : -1);
      else if (key === "Enter" && model.state.selected >= 0) byId("card-title").focus();
      else if (key === "Enter" && model.state.aggregate && model.state.scope < 0) this.open(0);
      else if (key === "Escape") { if (model.state.selected >= 0) this.select(-1, false); else this.open(-1); }
      else return;
      event.preventDefault();
    });
    listen(document, "keydown", (event) => {
      const typing = /** @type {HTMLElement} */ (event.target).matches("input[type=search], textarea");
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); this.undo(); }
      if (event.key === "Escape" && byId("panel").contains(document.activeElement)) map.focus();
    });
  }

  zoomBy(factor) {
    this.camera.zoom(factor, this.camera.width / 2, this.camera.height / 2);
    this.camera.touched = true;
    this.draw();
  }

  /** Go from actor to actor in the order of their importance. */
  step(direction) {
    const { model } = this, order = this.panel.shownActors().sort((p, q) => model.rank[p] - model.rank[q]);
    if (!order.length) return;
    const here = order.indexOf(model.state.selected);
    this.select(order[here < 0 ? (direction > 0 ? 0 : order.length - 1) : (here + direction + order.length) % order.length], true);
  }

  toolbar() {
    const { words } = this.model.data, bar = byId("tools");
    const tool = (d, title, act) => button(swatch(d, { stroke: "currentColor", "stroke-width": 1.8 }), act, { title, "aria-label": title });
    this.undoButton = tool("M-6 -2H3A5 5 0 0 1 3 7H-3M-2 -6L-6 -2L-2 2", words.undo, () => this.undo());
    this.overview = button(words.overview, () => this.open(-1));
    this.tip = h("div", { id: "tip", hidden: true, "aria-hidden": "true" });
    this.map.append(this.tip);
    bar.append(tool("M-7 0H7M0 -7V7", words.zoom_in, () => this.zoomBy(1.4)), tool("M-7 0H7", words.zoom_out, () => this.zoomBy(1 / 1.4)),
      tool("M-7 -2V-7H-2M7 2V7H2M-7 -7L-2 -2M7 7L2 2", words.fit, () => { this.fit(); this.draw(); }), this.undoButton,
      tool("M0 -6.5A6.5 6.5 0 1 0 0 6.5A6.5 6.5 0 1 0 0 -6.5V6.5M2.5 -5V5M5 -3V3", words.theme, () => {
        this.dark = this.look !== this.model.data.themes.dark;
        this.applyTheme();
        this.draw();
      }));
    if (document.fullscreenEnabled) {
      bar.append(tool("M-8 -3V-7H-4M4 -7H8V-3M8 3V7H4M-4 7H-8V3", words.full_screen,
        () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen())));
    }
    bar.append(this.overview);
  }

  searchBox() {
    const { words } = this.model.data, found = h("ul", { id: "found", hidden: true });
    const box = h("input", { type: "search", id: "search", autocomplete: "off", placeholder: words.search, "aria-label": words.search });
    const close = () => { found.hidden = true; };
    listen(box, "input", () => {
      const actors = this.model.search(box.value);
      found.replaceChildren(...actors.slice(0, 12).map((a) => h("li", {}, button(`${this.model.name[a]} · ${this.model.kindName(a)}`, () => {
        close();
        this.select(a, true);
      }))));
      found.hidden = !actors.length;
      if (box.value.trim()) this.say(fill(words.found, { n: this.number(actors.length) }));
    });
    listen(box, "keydown", (event) => {
      const first = found.querySelector("button");
      if (event.key === "Enter" && first && !found.hidden) first.click();
      if (event.key === "Escape") { box.value = ""; close(); }
    });
    const place = byId("searching");
    place.append(box, found);
    listen(place, "focusout", (event) => { if (!place.contains(/** @type {Node} */ (event.relatedTarget))) close(); });
  }

  /** A frame may be 0 pixels wide at first: fit again until the reader has moved the map. */
  watch() {
    new ResizeObserver(() => this.resize()).observe(this.map);
    for (const query of [DARK, FORCED]) listen(query, "change", () => { this.applyTheme(); this.draw(); });
    const sheet = byId("sheet");
    listen(window, "beforeprint", () => { sheet.className = this.exporter.format; sheet.replaceChildren(this.exporter.svg()); });
    listen(window, "afterprint", () => sheet.replaceChildren());
    this.resize();
  }
}

/** For the pages that embed the map and for its tests: what is drawn, and a way to choose. */
function expose(app) {
  Object.defineProperty(window, "carte", { value: Object.freeze({
    shown: () => ({ ...app.model.shown }),
    labels: () => app.scene.labels.map(({ text, box, actor }) => ({ text, box: [...box], actor })),
    frames: () => app.model.data.groups.map((group) => app.scene.frame(group)),
    place: (actor) => [app.scene.sx[actor], app.scene.sy[actor], app.scene.r[actor]],
    select: (actor) => app.select(actor, true),
    state: () => JSON.parse(JSON.stringify(app.model.state)),
    drawTime: () => app.cost,
  }) });
}

const inline = byId("data");
if (inline) new App(JSON.parse(inline.textContent), expose);
else {
  fetch("donnees.json").then((answer) => answer.json()).then((data) => new App(data, expose))
    .catch(() => byId("offline").removeAttribute("hidden"));
}
