"""Both models on the same radiographs: figures, the paired test in words, regions, what one alone gets right."""

import pandas as pd
import streamlit as st

from fracture_core.evaluation import Comparison, GateReport, GateSide, format_difference
from ui.retrain.gate_charts import draw_parts
from ui.retrain.gate_pictures import show_disputed
from ui.shared.charts import show_chart
from ui.shared.errors import escape_markdown
from ui.shared.figures import format_figure, show_metrics

_SHOWN = ("auroc", "sensitivity", "specificity", "accuracy")
_METRICS = {"AUROC": "auroc", "Sensitivity": "sensitivity", "Specificity": "specificity"}


def show_side(report: GateReport, side: GateSide, key: str) -> None:
    """Show one data set's part of a comparison; ``key`` tells its widgets from another's."""
    comparison = side.comparison
    st.markdown(
        f"**{escape_markdown(side.dataset)}**: {comparison.n:,} test radiographs of {comparison.n_groups:,} "
        f"independent groups, {comparison.n_fractured:,} fractured. Each model calls by its own operating point: the "
        f"candidate from p = {side.candidate_threshold:.2f} on, the model in use from {side.champion_threshold:.2f}."
    )
    if side.note:
        st.info(escape_markdown(side.note), icon=":material/info:")
    for column, title, name, metrics in zip(
        st.columns(2, gap="medium"),
        ("Candidate", "In use"),
        (report.candidate, report.champion),
        (side.candidate, side.champion),
        strict=True,
    ):
        with column:
            st.markdown(f"**{title}**: {escape_markdown(name)}")
            show_metrics({metric: metrics[metric] for metric in _SHOWN}, comparison.mark)
    st.markdown(escape_markdown(word_paired_test(comparison)))
    _show_parts(side, key)
    show_disputed(side, key)


def word_paired_test(comparison: Comparison) -> str:
    """Return the paired tests in words; the bootstrap over groups goes first."""
    mcnemar, delong = comparison.mcnemar, comparison.delong
    return (
        f"Of the radiographs that one alone calls rightly, the candidate has {mcnemar.only_second:,} and the model in "
        f"use {mcnemar.only_first:,}. Candidate minus model in use: AUROC "
        f"{format_difference(comparison.auroc_difference)}, p = {comparison.p_grouped:g} by a bootstrap over groups; "
        f"accuracy {format_difference(comparison.accuracy_difference)}. If all files were independent, p would be "
        f"{delong.p:g} for the AUROC (DeLong) and {mcnemar.p:g} for the calls (exact McNemar); where they disagree "
        "with the bootstrap, believe the bootstrap."
    )


def _show_parts(side: GateSide, key: str) -> None:
    title = st.segmented_control(
        "Figure by region", list(_METRICS), default="AUROC", required=True, key=f"gate_metric_{key}"
    )
    metric = _METRICS[title or "AUROC"]
    show_chart(
        draw_parts(side, metric),
        f"gate_parts_{key}",
        f"{title} of both models by region, with intervals",
        side.comparison.mark,
    )
    st.caption("In brackets: n. What is not defined is left out.")
    with st.expander("The same as a table"):
        st.dataframe(_list_parts(side), hide_index=True)


def _list_parts(side: GateSide) -> pd.DataFrame:
    comparison = side.comparison
    rows = [("all", "all", comparison.n, comparison.n_groups, comparison.n_fractured, side.candidate, side.champion)]
    rows += [
        (part.kind, part.name, part.n, part.n_groups, part.n_fractured, part.candidate, part.champion)
        for part in side.parts
    ]
    return pd.DataFrame(
        [
            {"Kind": kind, "Part": name, "n": n, "Groups": groups, "Fractured": fractured}
            | {
                f"{title}, {whose}": format_figure(metrics[metric])
                for title, metric in _METRICS.items()
                for whose, metrics in (("candidate", candidate), ("in use", champion))
            }
            for kind, name, n, groups, fractured, candidate, champion in rows
        ]
    )
