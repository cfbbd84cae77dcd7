"""The data of a new training before it starts: audit verdicts and the split."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from fracture_core.datasets import (
    LABELS,
    AuditReport,
    Catalog,
    find_audit_report,
    keep_audit_report,
    list_datasets,
    open_dataset,
)
from fracture_core.training import Preview, PreviewSide, TrainingRequest, get_utc_now, preview_data
from ui.shared.charts import choose_palette, finish, show_chart
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.frame import AUDIT, show_link
from ui.shared.progress import AuditProgress

_CHECKS_KEY = "fx_data_checks"
_SIDES = {"train": "training", "val": "validation", "test": "test"}
_WHAT_IT_DOES = (
    "Checking reads every file once: it audits the data (copies, wrong labels, shortcuts) and divides it as the "
    "training will. The training then finds the files decoded."
)


@dataclass(frozen=True)
class DataCheck:
    """What was found, and when."""

    audits: tuple[AuditReport, ...]
    preview: Preview
    made_at: datetime


def check_data(request: TrainingRequest) -> DataCheck | None:
    """Show the check of a request's data, and offer to make it; None while it has not been made."""
    checks: dict[tuple[object, ...], DataCheck] = st.session_state.setdefault(_CHECKS_KEY, {})
    # the last two decide which side a radiograph is on
    key = (request.data, request.recipe, request.input_size_px, request.initial, request.teacher)
    label = "Check the data again" if key in checks else "Check the data"
    if st.button(label, icon=":material/fact_check:", key="check"):
        checks.pop(key, None)
        with show_errors("checking the data of a training"):
            checks[key] = _make(request)
    if key in checks:
        _show(checks[key], request.data)
    else:
        st.caption(f"{_WHAT_IT_DOES} Starting without it is possible.")
    return checks.get(key)


def _make(request: TrainingRequest) -> DataCheck:
    with AuditProgress() as progress:
        catalogs = [
            open_dataset(name, progress=lambda done, total: progress("Unpacking", done, total)) for name in request.data
        ]
        audits = tuple(find_audit_report(catalog) or _audit(catalog, progress) for catalog in catalogs)
        return DataCheck(audits, preview_data(request, progress), get_utc_now())


def _audit(catalog: Catalog, progress: AuditProgress) -> AuditReport:
    from fracture_core.datasets import audit_dataset  # scikit-learn loads slowly; a kept report needs none of it

    report = audit_dataset(catalog, progress=progress)
    keep_audit_report(report)
    return report


def _show(check: DataCheck, data: tuple[str, ...]) -> None:
    for report in check.audits:
        show = {"clean": st.success, "with care": st.warning, "not as published": st.error}[report.verdict.level]
        show(escape_markdown(f"{report.dataset}: {report.verdict.text}"), icon=":material/fact_check:")
    if data[0] in list_datasets():  # the page Audit knows data sets by name
        show_link(AUDIT, "See the audit in full", query_params={"data": data[0]})
    for side in check.preview.sides:
        if side.learned_before:
            st.warning(_word_learned_before(side), icon=":material/info:")
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container():
            show_chart(_draw_sides(check.preview), "check_sides", "Files of each side of the split by class")
        with st.container():
            st.dataframe(_tabulate(check.preview), hide_index=True, key="check_table")
            st.caption(_word_rest(check))


def _word_learned_before(side: PreviewSide) -> str:
    return (
        f"{_SIDES[side.name].capitalize()}: {side.learned_before:,} of {side.radiographs:,} radiographs were learned "
        "from by the weights that this training starts from, or by its teacher. Figures over them will be too good, "
        "and carry a mark. Start from random weights, or add a data set that neither has learned from."
    )


def _draw_sides(preview: Preview) -> go.Figure:
    palette = choose_palette()
    names = [_SIDES[side.name] for side in preview.sides]
    counts = ([side.files - side.fractured for side in preview.sides], [side.fractured for side in preview.sides])
    figure = go.Figure()
    for label, values, colour in zip(LABELS, counts, (palette.cool, palette.warm), strict=True):
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            name=label,
            marker_color=colour,
            hovertemplate="%{y}: %{x:,} files<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title="files")
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return finish(figure, height_px=220).update_layout(legend={"y": 1.02, "yanchor": "bottom"})


def _tabulate(preview: Preview) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Side": _SIDES[side.name],
                "Files": side.files,
                "Radiographs": side.radiographs,
                "Groups": side.groups,
                "Fractured": side.fractured,
                "Regions": ", ".join(f"{region} {count:,}" for region, count in side.regions.items()),
            }
            for side in preview.sides
        ]
    )


def _word_rest(check: DataCheck) -> str:
    preview = check.preview
    left_out = f"{preview.excluded:,} files are left out. " if preview.excluded else ""
    return (
        f"{left_out}An epoch draws {preview.drawn:,} files for training and is measured on {preview.validated:,}. "
        f"No group is on two sides. Checked at {check.made_at:%H:%M} UTC."
    )
