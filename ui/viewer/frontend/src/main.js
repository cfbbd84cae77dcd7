// The Streamlit component (v2): called at the first mount and whenever its data change.
import style from "./style.css";
import { el } from "./dom.js";
import { prepare } from "./engine.js";
import { Viewer } from "./viewer.js";

const viewers = new WeakMap(); // by the element that Streamlit gives

export default function show({ parentElement, data }) {
  if (!data.pictures.length) return void prepare(); // loaded ahead of the first picture
  let viewer = viewers.get(parentElement);
  if (viewer) viewer.update(data);
  else {
    parentElement.append(el("style", {}, style));
    viewer = new Viewer(parentElement, data);
    viewers.set(parentElement, viewer);
  }
  return () => {
    viewers.get(parentElement)?.close();
    viewers.delete(parentElement);
  };
}
