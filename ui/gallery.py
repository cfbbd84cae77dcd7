"""The misclassified images: filters, tiles, one image large."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from fracture_core.data.items import Catalog
from fracture_core.errors import IntakeError
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.intake import read_radiograph_file
from fracture_core.registry import Checkpoint
from ui.errors import escape_markdown
from ui.evaluations import find_item
from ui.pictures import encode_png, shrink_radiograph

TILES_A_PAGE = 12
THUMBNAIL_PX = 360
IMAGE_PARAM = "image"
PAGE_KEY = "page"
_KINDS = {"All": None, "Missed fractures": "missed fracture", "False alarms": "false alarm"}
_ALL_REGIONS = "All regions"


@dataclass(frozen=True)
class Shown:
    """What the gallery is about."""

    checkpoint: Checkpoint
    evaluation: Evaluation
    catalog: Catalog | None


def choose_failures(evaluation: Evaluation) -> list[Prediction]:
    """Show the filters, kept in the address; return the failures they leave, in the order chosen."""
    failures = [prediction for prediction in evaluation.predictions if not prediction.correct]
    regions = sorted({prediction.region for prediction in failures if prediction.region})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = st.segmented_control(
            "Kind", list(_KINDS), default="All", required=True, key="kind", bind="query-params"
        )
        region = _ALL_REGIONS
        if len(regions) > 1:
            region = st.selectbox(
                "Region", [_ALL_REGIONS, *regions], key="region", bind="query-params", width=180
            )
        order = st.selectbox(
            "Order", ["Most sure of the wrong call", "Least sure of the wrong call", "By name"],
            key="order", bind="query-params", width=250,
        )  # fmt: skip
    wanted = _KINDS[kind or "All"]
    kept = [
        failure
        for failure in failures
        if wanted in (None, failure.kind) and region in (_ALL_REGIONS, failure.region)
    ]
    if order == "By name":
        return sorted(kept, key=lambda failure: failure.name)
    return sorted(kept, key=_measure_wrongness, reverse=order.startswith("Most"))


def _measure_wrongness(failure: Prediction) -> float:
    """Return the probability that the network gave to the wrong class."""
    return failure.p_fracture if failure.label == 0 else 1.0 - failure.p_fracture


def show_tiles(shown: Shown, failures: list[Prediction]) -> None:
    """Show one page of tiles."""
    page_count = -(-len(failures) // TILES_A_PAGE)
    slot = st.container()
    page = st.pagination(page_count, key=PAGE_KEY, bind="query-params") if page_count > 1 else 1
    first = (page - 1) * TILES_A_PAGE
    with slot, st.grid(4, min_column_width=150, gap="small"):
        for number, failure in enumerate(failures[first : first + TILES_A_PAGE]):
            _show_tile(shown, failure, number)


def _show_tile(shown: Shown, failure: Prediction, number: int) -> None:
    with st.container(border=True, key=f"fx_tile_{number}", gap="xsmall", height="stretch"):
        show_thumbnail(shown, failure)
        st.markdown(f"**{failure.kind.capitalize()}**  \np = {failure.p_fracture:.2f}")
        st.caption(escape_markdown(", ".join(part for part in (failure.region, Path(failure.name).name) if part)))
        st.button(
            "Look closer", key=f"closer_{number}", on_click=select_image, args=(failure.name,), width="stretch"
        )


def show_thumbnail(shown: Shown, failure: Prediction) -> None:
    """Show the small picture, or say that it cannot be shown."""
    item = find_item(shown.catalog, failure)
    if item is None:
        st.caption("The picture is not on this machine.")
        return
    try:
        picture = read_thumbnail(item.path, item.path.stat().st_mtime_ns)
    except (IntakeError, OSError):
        st.caption("The picture cannot be read.")
        return
    st.image(picture, width="stretch", alt=f"{failure.kind}: {failure.name}")


@st.cache_data(max_entries=1000, show_spinner=False)
def read_thumbnail(path: Path, modified_ns: int) -> bytes:
    """Return a file's small picture as PNG; read again when the file changes.

    Raises:
        IntakeError: it cannot be read.
    """
    return encode_png(shrink_radiograph(read_radiograph_file(path), THUMBNAIL_PX))


def is_image_selected(evaluation: Evaluation) -> bool:
    """Return whether the address names one of the failures."""
    asked = st.query_params.get(IMAGE_PARAM)
    return any(asked == prediction.name and not prediction.correct for prediction in evaluation.predictions)


def find_selected(failures: list[Prediction]) -> int | None:
    """Return where the image that the address names stands in the list, if it is there."""
    names = [failure.name for failure in failures]
    asked = st.query_params.get(IMAGE_PARAM)
    return names.index(asked) if asked in names else None


def select_image(name: str) -> None:
    """Put an image's name into the address."""
    st.query_params[IMAGE_PARAM] = name


def return_to_tiles(position: int) -> None:
    """Take the image out of the address; the gallery opens where the image is."""
    st.query_params.pop(IMAGE_PARAM, None)
    st.session_state[PAGE_KEY] = position // TILES_A_PAGE + 1
