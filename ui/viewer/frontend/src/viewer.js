// One viewer: toolbar, one or two panes, layers. It outlives reruns; `update` takes what a rerun brings.
import { el } from "./dom.js";
import { leaveEngine, rendersOnCpu, takeEngine } from "./engine.js";
import { buildHelp } from "./help.js";
import { listenForKeys } from "./keys.js";
import { Layers } from "./layers.js";
import { Pane } from "./pane.js";
import { DRAGS, Toolbar } from "./toolbar.js";

const layersOf = new Map(); // key of the viewer -> what it shows, so that a new mount begins where the last one was

export class Viewer {
  constructor(host, data) {
    this.key = data.key;
    this.drag = "window";
    this.isLinked = false;
    this.panes = [];
    this.layers = layersOf.get(this.key) ?? { heat: true, marks: true, opacity: 50 };
    this.root = el("div", { class: "viewer", tabindex: "0", role: "group", "aria-label": "Radiograph viewer. Press ? for keys." });
    this.spoken = el("div", { class: "spoken", role: "status", "aria-live": "polite" });
    host.append(this.root);
    this.engine = takeEngine();
    this.stopKeys = listenForKeys(this.root, (command) => this.run(command));
    this.observer = new ResizeObserver(() => this.panes.forEach((pane) => pane.resized()));
    this.stopFull = new AbortController();
    document.addEventListener("fullscreenchange", () => this.#fullChanged(), { signal: this.stopFull.signal });
    this.update(data);
  }

  update(data) {
    const identity = JSON.stringify(data.pictures.map(({ id, boxes, name }) => [id, boxes, name]));
    this.root.style.setProperty("--height", `${data.height}px`);
    if (identity === this.identity) return;
    this.identity = identity;
    this.#clear();
    const isForTwo = data.pictures.length > 1;
    this.isLinked = isForTwo && this.isLinked;
    this.toolbar = new Toolbar((command) => this.run(command), isForTwo);
    this.panes = data.pictures.map((picture) => new Pane(picture, this.key, this.engine, (pane) => this.#rendered(pane)));
    this.layerRow = new Layers(
      this.layers,
      data.pictures.some(({ heat }) => heat),
      data.pictures.some(({ boxes }) => boxes.length),
      (change) => this.#setLayers(change),
    );
    this.help = buildHelp(() => this.run("leave"), isForTwo);
    const frames = this.panes.map((pane) =>
      el("figure", {}, ...(isForTwo ? [el("figcaption", {}, pane.picture.name)] : []), pane.root),
    );
    this.root.append(this.toolbar.root, el("div", { class: "panes" }, ...frames), this.layerRow.root, this.help, this.spoken);
    this.#setLayers({});
    this.panes.forEach((pane) => this.#open(pane));
  }

  async #open(pane) {
    try {
      await pane.open();
      if (pane.isClosed) return;
      pane.chooseTool(this.drag);
      this.observer.observe(pane.root);
      pane.root.addEventListener("pointerdown", () => this.root.focus({ preventScroll: true }));
      pane.root.addEventListener("pointerup", () => this.#speakLength(pane));
      this.#show();
      this.root.dataset.renderer = rendersOnCpu() ? "cpu" : "webgl";
    } catch (error) {
      if (!pane.isClosed) pane.fail(error);
    }
  }

  get ready() {
    return this.panes.filter((pane) => pane.view);
  }

  // Does what a button or a key asks; false where that means nothing now.
  run(command) {
    const each = (act) => this.ready.forEach(act);
    const actions = {
      invert: () => this.#setAll((pane) => pane.setInverted(!this.ready[0]?.isInverted)),
      turn: () => each((pane) => pane.turn()),
      mirror: () => each((pane) => pane.mirror()),
      fit: () => each((pane) => pane.view.fit()),
      actual: () => each((pane) => pane.view.showActualSize()),
      larger: () => each((pane) => pane.view.show({ zoom: pane.view.zoom * 1.25 })),
      smaller: () => each((pane) => pane.view.show({ zoom: pane.view.zoom / 1.25 })),
      reset: () => this.#setAll((pane) => pane.reset()),
      unmeasure: () => each((pane) => pane.unmeasure(true)),
      link: () => (this.isLinked = !this.isLinked),
      heat: () => this.#setLayers({ heat: !this.layers.heat }),
      marks: () => this.#setLayers({ marks: !this.layers.marks }),
      screen: () => this.#toggleFull(),
      help: () => this.#setHelp(this.help.hidden),
      leave: () => (this.help.hidden ? false : this.#setHelp(false)),
    };
    let result;
    if (DRAGS.some(({ name }) => name === command)) this.panes.forEach((pane) => pane.chooseTool((this.drag = command)));
    else if (this.ready[0]?.presets.has(command)) this.#setAll((pane) => pane.setWindow(pane.presets.get(command)));
    else if (command === "link" && this.panes.length < 2) return false;
    else if (actions[command]) result = actions[command]();
    this.#show();
    return result;
  }

  #setAll(act) {
    this.isFollowing = true;
    this.ready.forEach(act);
    this.isFollowing = false;
  }

  #rendered(pane) {
    if (this.isLinked && !this.isFollowing) this.#follow(pane);
    this.#show();
  }

  // Window and zoom of the other pane follow, each measured against its own default window and its own fit.
  #follow(leader) {
    const [own, mine] = [leader.presets.get("default"), leader.window];
    const part = (value) => (value - own.lower) / (own.upper - own.lower);
    this.isFollowing = true;
    for (const pane of this.ready.filter((other) => other !== leader)) {
      const { lower, upper } = pane.presets.get("default");
      const toTheirs = (value) => lower + part(value) * (upper - lower);
      const target = { lower: toTheirs(mine.lower), upper: toTheirs(mine.upper) };
      const isSame = Math.abs(target.lower - pane.window.lower) + Math.abs(target.upper - pane.window.upper) < 1e-3 * (upper - lower);
      if (!isSame) pane.setWindow(target);
      const { zoom, center } = leader.view;
      const distance = Math.abs(zoom / pane.view.zoom - 1) + Math.hypot(...center.map((value, i) => value - pane.view.center[i]));
      if (distance > 1e-3) pane.view.show({ zoom, center });
    }
    this.isFollowing = false;
  }

  #show() {
    if (!this.toolbar) return;
    DRAGS.forEach(({ name }) => this.toolbar.press(name, name === this.drag));
    this.root.dataset.drag = this.drag;
    this.toolbar.press("link", this.isLinked);
    const first = this.ready[0];
    if (!first) return;
    this.toolbar.press("invert", first.isInverted);
    this.toolbar.presets.value = first.presets.nameOf(first.window) ?? "own";
  }

  #setLayers(change) {
    Object.assign(this.layers, change);
    layersOf.set(this.key, this.layers);
    this.root.classList.toggle("no-heat", !this.layers.heat);
    this.root.classList.toggle("no-marks", !this.layers.marks);
    this.root.style.setProperty("--heat", this.layers.opacity / 100);
    this.layerRow.show(this.layers);
  }

  #setHelp(isShown) {
    this.help.hidden = !isShown;
    (isShown ? this.help : this.root).focus({ preventScroll: true });
  }

  #speakLength(pane) {
    if (this.drag !== "measure") return;
    setTimeout(() => {
      const texts = [...pane.root.querySelectorAll("svg.svg-layer text")].map((node) => node.textContent).filter(Boolean);
      if (texts.length) this.spoken.textContent = `Length ${texts.at(-1)}`;
    }, 100);
  }

  // iPhones have no full screen for anything but video: there the viewer covers the window instead.
  async #toggleFull() {
    if (document.fullscreenElement || this.root.classList.contains("full")) {
      if (document.fullscreenElement) await document.exitFullscreen();
      this.root.classList.remove("full");
    } else {
      await this.root.requestFullscreen?.().catch(() => {});
      this.root.classList.add("full");
    }
  }

  #fullChanged() {
    if (!document.fullscreenElement) this.root.classList.remove("full");
  }

  #clear() {
    this.panes.forEach((pane) => pane.close());
    this.observer.disconnect();
    this.panes = [];
    this.root.replaceChildren();
  }

  close() {
    this.#clear();
    this.stopKeys();
    this.stopFull.abort();
    this.root.remove();
    leaveEngine();
  }
}
