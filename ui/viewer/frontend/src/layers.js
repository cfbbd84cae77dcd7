// The row below the picture: what lies over it, and how strongly.
import { el } from "./dom.js";

export class Layers {
  constructor(state, hasHeat, hasMarks, onChange) {
    const toggle = (name, title) => {
      const box = el("input", { type: "checkbox", checked: state[name], onchange: () => onChange({ [name]: box.checked }) });
      this[name] = box;
      return el("label", { class: "toggle" }, box, title);
    };
    this.opacity = el("input", {
      type: "range", min: 10, max: 100, step: 5, value: state.opacity, "aria-label": "Heatmap opacity in percent",
      oninput: () => onChange({ opacity: Number(this.opacity.value) }),
    });
    this.legend = el("div", { class: "legend" }, el("i"), el("span", {}, "what raised the score, little to much"));
    this.root = el(
      "div",
      { class: "layers" },
      ...(hasHeat ? [toggle("heat", "Heatmap"), this.opacity, this.legend] : []),
      ...(hasMarks ? [toggle("marks", "Marked fracture")] : []),
    );
  }

  show(state) {
    for (const name of ["heat", "marks"]) if (this[name]) this[name].checked = state[name];
    this.opacity.value = state.opacity;
    this.opacity.disabled = !state.heat;
    this.legend.classList.toggle("off", !state.heat);
  }
}
