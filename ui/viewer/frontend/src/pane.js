// One picture: its viewport, what lies over it, and the state that outlives a rerun of the page.
import { Enums, chooseTool, createTools, destroyTools, keepImage, releaseImage, removeMeasurements, rendersOnCpu } from "./engine.js";
import { el } from "./dom.js";
import { Overlay } from "./overlay.js";
import { fetchPixels } from "./pixels.js";
import { View } from "./view.js";
import { Presets, wordWindow } from "./windows.js";

const REMEMBERED = 50;
const remembered = new Map(); // key of the viewer and picture -> how it was last looked at
let count = 0;

export class Pane {
  constructor(picture, memoryKey, engine, onRendered) {
    this.picture = picture;
    this.memoryKey = `${memoryKey}/${picture.id}`;
    this.engine = engine;
    this.onRendered = onRendered;
    this.viewportId = `fracture-${(count += 1)}`;
    this.isInverted = false;
    this.screen = el("div", { class: "screen" });
    this.status = el("div", { class: "status", "aria-hidden": "true" });
    this.notice = el("div", { class: "notice", role: "status" }, "Loading the picture");
    this.overlay = new Overlay(picture);
    this.root = el(
      "div",
      { class: "pane", role: "img", "aria-label": `Radiograph ${picture.name}` },
      this.screen,
      this.overlay.root,
      this.status,
      this.notice,
    );
    this.#letThePageScroll();
  }

  async open() {
    const [pixels] = await Promise.all([fetchPixels(this.picture), this.overlay.load()]);
    if (this.isClosed) return;
    this.imageId = keepImage(this.picture, pixels);
    this.engine.enableElement({ viewportId: this.viewportId, type: Enums.ViewportType.STACK, element: this.screen });
    this.viewport = this.engine.getViewport(this.viewportId);
    await this.viewport.setStack([this.imageId]);
    if (this.isClosed) return;
    const [row, column] = this.picture.spacing ?? [this.picture.shrink, this.picture.shrink];
    this.view = new View(this.viewport, pixels.width * column, pixels.height * row);
    this.view.columns = pixels.width;
    this.view.halfPixel = rendersOnCpu() ? [0, 0] : [column / 2, row / 2]; // WebGL counts from a pixel's middle
    const { minPixelValue, maxPixelValue } = this.viewport.getCornerstoneImage();
    this.presets = new Presets(this.picture, pixels.data, { lower: minPixelValue, upper: maxPixelValue });
    this.tools = createTools(this.viewportId, (data, target) => [this.wordLength(data.cachedStats[target]?.length)]);
    this.screen.addEventListener(Enums.Events.IMAGE_RENDERED, () => this.#rendered());
    this.#setUp();
    this.notice.textContent = this.picture.notes.join(" ");
    this.notice.hidden = !this.picture.notes.length;
    this.root.dataset.state = "ready";
  }

  fail(error) {
    this.notice.hidden = false;
    this.notice.textContent = error.message;
    this.root.dataset.state = "failed";
  }

  #setUp() {
    const last = remembered.get(this.memoryKey);
    if (this.picture.sigmoid && !rendersOnCpu()) this.viewport.setProperties({ VOILUTFunction: Enums.VOILUTFunctionType.SIGMOID });
    this.setWindow(last?.window ?? this.presets.get("default"));
    this.setInverted(last?.isInverted ?? false);
    this.view.turn(last?.rotation ?? 0, last?.isFlipped ?? false, last ?? { zoom: 1, center: [0.5, 0.5] });
  }

  chooseTool(name) {
    if (this.tools) chooseTool(this.tools, name);
  }

  get window() {
    return this.viewport.getProperties().voiRange;
  }

  setWindow(range) {
    this.viewport.setProperties({ voiRange: { ...range } });
    this.viewport.render();
  }

  setInverted(isInverted) {
    this.isInverted = isInverted;
    this.viewport.setProperties({ invert: isInverted !== this.picture.inverted });
    this.viewport.render();
  }

  turn() {
    this.view.turn((this.view.rotation + 90) % 360, this.view.isFlipped);
  }

  mirror() {
    this.view.turn((360 - this.view.rotation) % 360, !this.view.isFlipped);
  }

  reset() {
    this.unmeasure(false);
    this.setInverted(false);
    this.setWindow(this.presets.get("default"));
    this.view.turn(0, false, { zoom: 1, center: [0.5, 0.5] });
  }

  unmeasure(onlyLast) {
    removeMeasurements(this.viewport, this.imageId, onlyLast);
  }

  wordLength(length) {
    if (length === undefined || length === null) return "";
    if (!this.picture.spacing) return `${Math.round(length)} px`;
    return `${length.toFixed(1)} mm${this.picture.calibrated ? "" : " at the detector"}`;
  }

  #rendered() {
    if (this.isClosed) return;
    this.overlay.follow(this.view.corners);
    const words = [wordWindow(this.picture, this.window), `${Math.round(this.view.scale * 100)} %`, this.view.words];
    this.status.textContent = words.filter(Boolean).join("   ");
    remembered.delete(this.memoryKey);
    const { rotation, isFlipped, zoom, center } = this.view;
    remembered.set(this.memoryKey, { window: this.window, isInverted: this.isInverted, rotation, isFlipped, zoom, center });
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
    this.onRendered(this);
  }

  resized() {
    if (!this.view) return;
    const { zoom, center } = this.view;
    this.engine.resize(true, true);
    this.view.show({ zoom, center });
  }

  // Who scrolls down the page does not mean to zoom when the pointer comes to lie over a picture.
  #letThePageScroll() {
    this.stopWatching = new AbortController();
    const options = { capture: true, passive: true, signal: this.stopWatching.signal };
    let scrolledAt = 0;
    const note = (event) => {
      if (!event.composedPath().includes(this.root) || event.timeStamp - scrolledAt < 250) scrolledAt = event.timeStamp;
    };
    document.addEventListener("wheel", note, options);
    const guard = (event) => event.timeStamp === scrolledAt && event.stopPropagation();
    this.root.addEventListener("wheel", guard, options);
  }

  close() {
    this.isClosed = true;
    this.stopWatching.abort();
    if (this.tools) destroyTools(this.viewportId);
    if (this.viewport) this.engine.disableElement(this.viewportId);
    if (this.imageId) releaseImage(this.imageId);
    this.root.remove();
  }
}
