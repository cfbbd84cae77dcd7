// Heatmap and marked fractures, laid over a picture and moved with it; the browser scales them, nothing is redrawn.
import { el, svg } from "./dom.js";
import { paintHeat } from "./heat.js";
import { fetchPixels } from "./pixels.js";

export class Overlay {
  constructor(picture) {
    this.picture = picture;
    this.heat = el("canvas", { class: "heat" });
    this.marks = svg("g", { class: "marks" });
    for (const [x, y, width, height] of picture.boxes) this.marks.append(svg("rect", { x, y, width, height }));
    this.root = el("div", { class: "overlay", "aria-hidden": "true" }, this.heat, svg("svg", {}, this.marks));
  }

  async load() {
    if (this.picture.heat) paintHeat(this.heat, await fetchPixels(this.picture.heat));
  }

  follow([origin, right, down]) {
    const matrix = (width, height) =>
      [
        (right[0] - origin[0]) / width,
        (right[1] - origin[1]) / width,
        (down[0] - origin[0]) / height,
        (down[1] - origin[1]) / height,
        origin[0],
        origin[1],
      ].join(",");
    this.heat.style.transform = `matrix(${matrix(this.heat.width, this.heat.height)})`;
    const { width, height, shrink } = this.picture; // marks are in px of the file
    this.marks.setAttribute("transform", `matrix(${matrix(width * shrink, height * shrink)})`);
  }
}
