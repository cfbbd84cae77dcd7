// The row of buttons above the picture.
import {
  CircleQuestionMark, Contrast, Expand, Link2, Move, Ruler, RotateCw, Scan, SunMedium,
  TrianglesCenterlineDashedVertical, Undo2, ZoomIn,
} from "lucide";
import { el, icon } from "./dom.js";
import { PRESETS } from "./windows.js";

export const DRAGS = [
  { name: "window", title: "Window", words: "drag sideways for contrast, up and down for brightness", shape: SunMedium, key: "w" },
  { name: "zoom", title: "Zoom", words: "drag, turn the wheel or pinch", shape: ZoomIn, key: "z" },
  { name: "pan", title: "Move", words: "drag; also the middle button, or two fingers", shape: Move, key: "p" },
  { name: "measure", title: "Measure", words: "drag from end to end; Delete removes", shape: Ruler, key: "m" },
];

export const ACTIONS = [
  { name: "invert", title: "Invert", words: "black and white change places", shape: Contrast, key: "i", toggles: true },
  { name: "turn", title: "Turn by 90°", words: "clockwise", shape: RotateCw, key: "t" },
  { name: "mirror", title: "Mirror", words: "left and right change places", shape: TrianglesCenterlineDashedVertical, key: "x" },
  { name: "fit", title: "Fit", words: "the whole picture", shape: Scan, key: "f" },
  { name: "actual", title: "Actual pixels", words: "one pixel of the picture to one of the screen", glyph: "1:1", key: "a" },
  { name: "reset", title: "Reset", words: "as the file states it; measurements go", shape: Undo2, key: "0" },
  { name: "link", title: "Link", words: "window and zoom go together", shape: Link2, key: "l", toggles: true, forTwo: true },
  { name: "screen", title: "Full screen", words: "", shape: Expand, key: "s" },
  { name: "help", title: "Keys", words: "what can be done, and by which key", shape: CircleQuestionMark, key: "?" },
];

export class Toolbar {
  constructor(run, isForTwo) {
    this.buttons = {};
    const button = ({ name, title, words, shape, glyph, key, toggles }, isDrag) => {
      const label = `${title}${words ? `: ${words}` : ""} (${key.toUpperCase()})`;
      const pressed = isDrag || toggles ? { "aria-pressed": "false" } : {};
      const node = el("button", { type: "button", title: label, "aria-label": title, onclick: () => run(name), ...pressed }, glyph ?? icon(shape));
      return (this.buttons[name] = node);
    };
    const group = (label, ...nodes) => el("div", { class: "group", role: "group", "aria-label": label }, ...nodes);
    this.presets = el(
      "select",
      { "aria-label": "Window", onchange: () => run(this.presets.value) },
      ...PRESETS.map(({ name, title, words }) => el("option", { value: name, title: words }, title)),
      el("option", { value: "own", disabled: true, hidden: true }, "By hand"),
    );
    const shown = ACTIONS.filter(({ forTwo }) => !forTwo || isForTwo).map((action) => button(action));
    const view = shown.slice(1, 6);
    this.root = el(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Viewer" },
      group("A drag", ...DRAGS.map((drag) => button(drag, true))),
      group("Brightness", this.presets, shown[0]),
      group("View", ...view),
      group("More", ...shown.slice(6)),
    );
  }

  press(name, isPressed) {
    this.buttons[name]?.setAttribute("aria-pressed", String(isPressed));
  }
}
