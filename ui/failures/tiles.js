// A page of tiles: each is one button, with a checkbox beside it. Text goes in as text, never as HTML.

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makePicture(tile) {
  if (!tile.src) return make("div", "picture gone", tile.gone);
  const picture = make("img", "picture");
  picture.alt = "";
  picture.decoding = "async";
  picture.src = tile.src;
  return picture;
}

function makeText(tile) {
  const text = make("div", "text");
  const open = make("button", "open " + tile.tone, tile.title);
  open.type = "button";
  open.setAttribute("aria-label", tile.spoken);
  text.append(open, make("span", "call", tile.call));
  for (const line of tile.lines) text.append(make("span", "line", line));
  if (tile.marks.length) {
    const marks = make("span", "marks");
    marks.append(...tile.marks.map((mark) => make("span", "mark", mark)));
    text.append(marks);
  }
  return text;
}

function makeTile(tile, onOpen, onTick) {
  const item = make("li", "tile");
  const picture = makePicture(tile);
  const text = makeText(tile);
  text.querySelector(".open").onclick = () => onOpen(tile.name);
  item.append(picture, text);
  if (tile.chosen !== null) {
    const label = make("label", "tick");
    const box = make("input", "");
    box.type = "checkbox";
    box.setAttribute("aria-label", "Select " + tile.spoken);
    box.onchange = onTick;
    label.append(box);
    item.append(label);
  }
  item.dataset.name = tile.name;
  return item;
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.setAttribute("aria-label", data.label);
  const listTicked = () => [...list.querySelectorAll("li:has(input:checked)")].map((item) => item.dataset.name);
  const drawn = JSON.stringify(data.tiles.map((tile) => ({ ...tile, chosen: tile.chosen !== null })));
  if (list.drawn !== drawn) {
    const open = (name) => setTriggerValue("opened", name);
    const tick = () => setStateValue("chosen", listTicked());
    list.replaceChildren(...data.tiles.map((tile) => makeTile(tile, open, tick)));
    list.drawn = drawn;
  }
  // Ticks are set without drawing anew, so that the keyboard stays where it is.
  [...list.children].forEach((item, index) => {
    const box = item.querySelector("input");
    if (box) box.checked = data.tiles[index].chosen;
  });
}
