"""The training images that look most like one to the network: is the label wrong, or was nothing like it learned?"""

from pathlib import Path

import streamlit as st

from fracture_core.base import BackgroundTask, start_task
from fracture_core.datasets import LABELS
from fracture_core.evaluation import Prediction
from fracture_core.failures import Nearest, Neighbour, find_nearest, has_neighbour_index
from fracture_core.networks import Checkpoint
from ui.failures.shown import Shown
from ui.failures.thumbnails import load_path
from ui.failures.tiles import Tile, show_tiles
from ui.shared.background_work import follow
from ui.shared.errors import escape_markdown, show_errors

_COUNT = 6


def show_nearest(shown: Shown, prediction: Prediction) -> None:
    """Show the nearest training images under a fold; nothing is computed while it is shut."""
    fold = st.expander(
        "Nearest training images", icon=":material/image_search:", key="fx_nearest", on_change="rerun", expanded=False
    )
    if fold.open:
        with fold, show_errors("finding the nearest training images"):
            _show(shown, prediction)


def _show(shown: Shown, prediction: Prediction) -> None:
    checkpoint, item = shown.checkpoint, shown.find_item(prediction)
    if item is None or not item.path.is_file():
        st.caption("They are found by the picture itself, which is not on this machine.")
        return
    if not has_neighbour_index(checkpoint):
        _offer_to_look(checkpoint)
        return
    nearest = _find(checkpoint.manifest.weights_sha256, str(item.path), item.path.stat().st_mtime_ns, shown, item.path)
    st.markdown(escape_markdown(describe_nearest(nearest, prediction.label)))
    if nearest.absent:
        st.caption(escape_markdown(f"Not on this machine, and left out: {', '.join(nearest.absent)}."))
    show_tiles(
        [_build_tile(neighbour) for neighbour in nearest.neighbours],
        key="fx_nearest_tiles",
        label="Nearest training images",
        on_open=lambda name: None,
    )


def _offer_to_look(checkpoint: Checkpoint) -> None:
    task = BackgroundTask(
        kind="neighbours", checkpoint=checkpoint.name, weights_sha256=checkpoint.manifest.weights_sha256
    )
    if follow(task, "Looking at the training images"):
        st.caption("It goes on when this page is closed; cancelled, it goes on next time from where it was.")
        return
    st.markdown(
        "The network's features of all training images are computed once for each model: minutes for thousands of "
        "images, in the background."
    )
    if st.button("Look at the training images", icon=":material/play_arrow:", key="fx_nearest_build"):
        start_task(task)
        st.rerun()


@st.cache_resource(max_entries=64, show_spinner="Comparing with the training images")
def _find(weights: str, path: str, modified_ns: int, _shown: Shown, _path: Path) -> Nearest:
    return find_nearest(_shown.checkpoint, _path, count=_COUNT)


def describe_nearest(nearest: Nearest, label: int) -> str:
    """Return what the nearest training images say of a label."""
    if not nearest.neighbours:
        return "There is no training image to compare with."
    closest = nearest.neighbours[0].distance
    where = f"The nearest lies at a distance of {closest:.2f}; typical is {nearest.typical_distance:.2f}."
    same, count = sum(other.label == label for other in nearest.neighbours), len(nearest.neighbours)
    agree = f"{same} of the {count} nearest are labelled {LABELS[label]} as this one is."
    if nearest.is_leak:
        return (
            f"This radiograph, a copy of it or a view of its exam was learned from: its figures leak. {agree} {where}"
        )
    if nearest.is_unlike_training:
        return f"Hardly anything like it was learned from. {where} {agree}"
    if same * 2 < count:
        return (
            f"Images like it were learned from with the other label: look whether this label is right. {agree} {where}"
        )
    shares = "with the same label" if same == count else f"most with the same label, {count - same} with the other"
    if same * 2 == count:
        shares = "half of them with the other label"
    return f"Images like it were learned from, {shares}. {agree} {where}"


def _build_tile(neighbour: Neighbour) -> Tile:
    src, gone = load_path(neighbour.path)
    title, distance = LABELS[neighbour.label].capitalize(), f"distance {neighbour.distance:.2f}"
    lines = tuple(part for part in (neighbour.region or "", neighbour.dataset, Path(neighbour.name).name) if part)
    marks = (neighbour.relation,) if neighbour.relation else ()
    spoken = ", ".join((title, distance, *lines, *marks))
    return Tile(neighbour.name, src, gone, title, "", distance, lines, marks, spoken, chosen=None)
