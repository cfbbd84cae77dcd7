"""All that an evaluation found, from the headline figures down to the subgroups."""

import pandas as pd
import streamlit as st

from fracture_core.evaluation import CallFigures, Evaluation, PointFigures, is_off_domain
from fracture_core.networks import Checkpoint
from ui.failures.evidence_charts import draw_decision, draw_reliability, draw_subgroups
from ui.shared.charts import show_chart
from ui.shared.figures import format_figure, format_range, show_figures, show_metrics

OFF_DOMAIN = (
    "This model learned from radiographs and has never seen a drawing. What it does on drawn phantoms shows how this "
    "page works, not how well it reads radiographs."
)
_SUBGROUP_METRICS = {"AUROC": "auroc", "Sensitivity": "sensitivity", "Specificity": "specificity"}


def show_warnings(checkpoint: Checkpoint, evaluation: Evaluation) -> None:
    """Say what speaks against believing the figures."""
    if is_off_domain(checkpoint, evaluation):
        st.info(OFF_DOMAIN, icon=":material/info:")
    if evaluation.leaks:
        st.warning(
            f"**{evaluation.mark}.** Copies of these radiographs, or views of their exams, were learned from: the "
            "figures are too good to be expected of new radiographs.",
            icon=":material/info:",
        )


def show_evaluation(evaluation: Evaluation) -> None:
    """Show all figures; what an older evaluation lacks is left out."""
    st.markdown(
        f"Of the {evaluation.n:,} radiographs, which come from {evaluation.n_groups:,} independent groups, "
        f"{evaluation.n_fractured:,} are fractured. The balanced operating point is {evaluation.threshold:.2f}."
    )
    show_figures(evaluation)
    _show_details(evaluation)


def _show_details(evaluation: Evaluation) -> None:
    if evaluation.calls:
        st.markdown("**Three-way calls**")
        _show_calls(evaluation.calls, evaluation.mark)
    if evaluation.operating_points:
        st.markdown("**Operating points**")
        _show_points(evaluation.operating_points, evaluation.mark)
    if evaluation.per_radiograph:
        figures = evaluation.per_radiograph
        st.markdown(f"**By radiograph**: copies averaged to one probability, {figures.n:,} radiographs")
        show_metrics(figures.metrics, evaluation.mark)
    if evaluation.subgroups:
        st.markdown("**Subgroups**")
        _show_subgroups(evaluation)
    _show_evidence(evaluation)


def _show_calls(calls: CallFigures, mark: str) -> None:
    for name, counts in (("fractured", calls.fractured), ("not fractured", calls.not_fractured)):
        parts = ", ".join(f"{counts.get(call, 0):,} {call}" for call in ("positive", "uncertain", "negative"))
        st.markdown(f"Of the {sum(counts.values()):,} {name}: {parts}.")
    show_metrics({"uncertain": calls.uncertain, "accuracy_of_certain": calls.accuracy_of_certain}, mark)


def _show_points(points: dict[str, PointFigures], mark: str) -> None:
    rows = [
        {"Operating point": name.replace("_", " "), "p from": f"{point.threshold:.2f}"}
        | {
            title: "not defined"
            if metric.value is None
            else f"{metric.value:.2f} ({format_range(metric)}, n = {metric.n:,})"
            for title, metric in (
                (key.capitalize(), point.metrics[key]) for key in ("sensitivity", "specificity", "accuracy")
            )
        }
        | {"Rule": point.rule}
        | ({"Mark": mark} if mark else {})
        for name, point in points.items()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _show_subgroups(evaluation: Evaluation) -> None:
    title = st.segmented_control(
        "Figure",
        list(_SUBGROUP_METRICS),
        default="AUROC",
        required=True,
        key="subgroup_metric",
        label_visibility="collapsed",
    )
    metric = _SUBGROUP_METRICS[title or "AUROC"]
    whole = evaluation.metrics[metric]
    st.caption(
        f"{title} over all: {format_figure(whole)}, the dotted line. In brackets: n of each subgroup. "
        "What is not defined is left out."
    )
    figure = draw_subgroups(evaluation.subgroups, metric, whole.value)
    show_chart(figure, "subgroups", f"{title} of each subgroup with its interval", evaluation.mark)
    rows = [
        {"Kind": part.kind, "Subgroup": part.name, "n": part.n, "Groups": part.n_groups, "Fractured": part.n_fractured}
        | {title: format_figure(part.metrics[name]) for title, name in _SUBGROUP_METRICS.items()}
        | ({"Mark": evaluation.mark} if evaluation.mark else {})
        for part in evaluation.subgroups
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _show_evidence(evaluation: Evaluation) -> None:
    left, right = st.columns(2, gap="medium")
    if evaluation.calibration:
        calibration = evaluation.calibration
        with left:
            st.markdown(f"**Calibration**, temperature {calibration.temperature:.2f}")
            show_chart(draw_reliability(calibration), "reliability", "Reliability curve", evaluation.mark)
            show_metrics({name: getattr(calibration, name) for name in ("ece", "brier", "log_loss")}, evaluation.mark)
    if evaluation.decision_curve:
        with right:
            st.markdown("**Net benefit** of a second look at what the network suspects")
            show_chart(draw_decision(evaluation.decision_curve), "decision", "Decision curve", evaluation.mark)
            st.caption("A false alarm weighs t / (1 − t) of a fracture found at threshold t (Vickers & Elkin 2006).")
