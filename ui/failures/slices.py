"""The error rate of every region, view, hardware, image size; a click on a bar filters the grid to it."""

from functools import partial
from typing import Any

import streamlit as st

from fracture_core.evaluation import Metric
from fracture_core.failures import Slice, describe_worst_slice, measure_slices
from ui.failures.charts import draw_slices, show_clickable
from ui.failures.shown import Shown
from ui.shared.address import change_filters

# The kind of a slice, its title, and the filter that a click sets.
_KINDS = (
    ("region", "Region", "regions"),
    ("view", "View", "views"),
    ("hardware", "Metal hardware", "hardware"),
    ("size", "Image size", "sizes"),
)


def show_slices(shown: Shown) -> None:
    """Show a chart for each kind that divides the radiographs."""
    slices, overall = _measure(shown.identity, shown)
    parts_of = {kind: [part for part in slices if part.kind == kind] for kind, _, _ in _KINDS}
    dividing = [entry for entry in _KINDS if len(parts_of[entry[0]]) > 1]
    if not dividing:
        st.caption("Nothing is known of these radiographs that would divide them: no region, view, hardware or size.")
        return
    st.caption(
        "Share called wrongly, with its 95% interval over independent groups; the dotted line is the share over all. "
        "In brackets: files. Click a bar to see its radiographs below."
    )
    with st.grid(2, min_column_width=320, gap="medium"):
        for kind, title, field in dividing:
            with st.container(gap="xxsmall"):
                st.markdown(f"**{title}**")
                figure = draw_slices(parts_of[kind], overall, shown.filters.list_words(field))
                alt = f"Error rate by {title.lower()} with intervals"
                show_clickable(
                    figure, f"fx_slices_{kind}", alt, partial(_take_bar, shown, field), shown.evaluation.mark
                )


def find_worst_sentence(shown: Shown) -> str:
    """Return the sentence that names the worst part, or says that none is clear of the rest."""
    slices, overall = _measure(shown.identity, shown)
    return describe_worst_slice(slices, overall)


@st.cache_resource(max_entries=4, show_spinner=False)
def _measure(identity: str, _shown: Shown) -> tuple[list[Slice], Metric]:
    right = _shown.evaluation.metrics["accuracy"]  # by the same resamples
    low, value, high = (None if share is None else 1 - share for share in (right.high, right.value, right.low))
    return measure_slices(_shown.table), Metric(value=value, low=low, high=high, n=right.n)


def _take_bar(shown: Shown, field: str, point: dict[str, Any]) -> None:
    name = str(point["customdata"][0])
    is_chosen = shown.filters.list_words(field) == (name,)
    change_filters(**{field: () if is_chosen else (name,)})
