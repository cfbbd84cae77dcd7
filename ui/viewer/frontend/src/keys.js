// Keys work while the viewer has the focus, or the pointer is over it and nothing else has the focus.
import { ACTIONS, DRAGS } from "./toolbar.js";
import { PRESETS } from "./windows.js";

// Not among them: the arrows (the gallery steps with them), and R and C (Streamlit reruns and clears with them).
const COMMANDS = new Map([
  ...[...DRAGS, ...ACTIONS].map(({ key, name }) => [key, name]),
  ...PRESETS.map(({ key, name }) => [key, name]),
  ["h", "heat"], ["b", "marks"], ["+", "larger"], ["=", "larger"], ["-", "smaller"],
  ["delete", "unmeasure"], ["backspace", "unmeasure"], ["escape", "leave"],
]);

const takesText = (node) =>
  node instanceof HTMLElement && (node.isContentEditable || /^(textarea|select)$/i.test(node.tagName) ||
    (node.tagName === "INPUT" && !/^(checkbox|range|button|radio)$/.test(node.type)));

export function listenForKeys(root, run) {
  let isUnderPointer = false;
  const stop = new AbortController();
  const { signal } = stop;
  root.addEventListener("pointerenter", () => (isUnderPointer = true), { signal });
  root.addEventListener("pointerleave", () => (isUnderPointer = false), { signal });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const path = event.composedPath();
      const isOurs = path.includes(root);
      if (takesText(path[0]) || (!isOurs && !(isUnderPointer && path[0] === document.body))) return;
      const command = COMMANDS.get(event.key.toLowerCase());
      if (command === undefined || run(command) === false) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal, capture: true },
  );
  return () => stop.abort();
}
