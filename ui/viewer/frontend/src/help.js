// What can be done, and by which key.
import { el } from "./dom.js";
import { ACTIONS, DRAGS } from "./toolbar.js";
import { PRESETS } from "./windows.js";

const POINTER = [
  ["Wheel, pinch, right button", "zoom"],
  ["Middle button, two fingers", "move"],
];
const LAYERS = [
  { title: "Heatmap", key: "h" },
  { title: "Marked fracture", key: "b" },
  { title: "Larger, smaller", key: "+ −" },
  { title: "Remove the last measurement", key: "Delete" },
];

export function buildHelp(close, isForTwo) {
  const keys = [...DRAGS, ...PRESETS, ...ACTIONS.filter(({ forTwo }) => !forTwo || isForTwo), ...LAYERS];
  const rows = keys.map(({ key, title }) => [key.length === 1 ? key.toUpperCase() : key, title.toLowerCase()]);
  return el(
    "div",
    { class: "help", role: "dialog", "aria-label": "Keys", tabindex: "-1", hidden: true },
    el("dl", {}, ...[...rows, ...POINTER].map(([key, words]) => el("div", {}, el("dt", {}, key), el("dd", {}, words)))),
    el("button", { type: "button", onclick: close }, "Close"),
  );
}
