"""How readers and the model agree: drift, figures, charts over time and by region, and the list of judged readings."""

import streamlit as st

from fracture_core.evaluation import Metric, find_shipped_evaluations
from fracture_core.networks import Checkpoint
from fracture_core.records import CAUTION, Agreement, ReaderPair, find_test
from ui.history.agreement_charts import draw_by_region, draw_over_time
from ui.history.feedback_list import show_judged
from ui.shared.agreement import compare, get_drift, measure, show_drift
from ui.shared.charts import show_chart
from ui.shared.empty_states import show_empty
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.figures import build_tile, format_figure, format_range, show_metrics

_TITLES = {
    "agreement": "agreement with the call",
    "accuracy": "accuracy",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
}


def show_agreement(checkpoint: Checkpoint | None) -> None:
    """Show all of it; where nothing was judged, say how to begin.

    Args:
        checkpoint: the model in use, whose test figures stand beside; None where there is none.
    """
    with show_errors("showing agreement"):
        overall = measure("all")
        if not overall:
            show_empty(
                "Nothing judged yet",
                "Open a reading and say whether you agree. Agreement over time and by region appears here, and the "
                "judged radiographs can be offered to Retrain.",
            )
            return
        drift = get_drift(checkpoint) if checkpoint else None
        if drift:
            show_drift(drift)
        _show_overall(overall[0])
        _show_charts(checkpoint)
        _show_readers()
    with show_errors("listing judged readings"):
        show_judged()


def _show_overall(row: Agreement) -> None:
    disputed = f", of which {row.n_disputed:,} disputed and in no figure" if row.n_disputed else ""
    st.markdown(f"**{row.n:,} judged {'radiograph' if row.n == 1 else 'radiographs'}**{disputed}")
    agreement = row.agreement
    lead = build_tile(
        "Agreement with the call",
        "–" if agreement.value is None else f"{agreement.value:.2f}",
        f"{format_range(agreement)}, n = {agreement.n:,}",
        explained="share of positive and negative calls that most readers bear out; uncertain calls are left out",
    )
    show_metrics(row.figures, lead=lead)
    st.caption(
        "The label that most readers give is taken as right; figures are at the balanced operating point, which an "
        f"uncertain call has too ({row.n_uncertain:,} of them). Intervals are exact, 95%; views of one exam count "
        f"one by one. {CAUTION}"
    )


def _show_charts(checkpoint: Checkpoint | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.selectbox("Figure", list(_TITLES), key="agreement_figure", format_func=_word_title, width=240)
        by = st.segmented_control("Over", ["month", "week"], default="month", key="agreement_over", required=True)
    tested = _find_tested(checkpoint, name)
    with st.grid(2, min_column_width=320, gap="medium"):
        with st.container(gap="xxsmall"):
            st.markdown("**Over time**")
            over_time = measure("week" if by == "week" else "month")
            figure = draw_over_time(over_time, name, _TITLES[name], tested)
            show_chart(figure, f"agreement_over_{by}_{name}", f"{_TITLES[name]} by {by}, with 95% intervals")
        with st.container(gap="xxsmall"):
            st.markdown("**By body part** (radiographs)")
            regions = measure("region")
            show_chart(
                draw_by_region(regions, name, _TITLES[name]),
                f"agreement_region_{name}",
                f"{_TITLES[name]} by body part, with 95% intervals",
            )
    if tested and checkpoint:
        st.caption(
            escape_markdown(f"Dotted: {checkpoint.name} on its test set. Judged readings may be of other models too.")
        )
    with st.expander("The same as a table", icon=":material/table:"):
        _show_table([*over_time, *regions, *measure("model"), *measure("call")])


def _word_title(name: str) -> str:
    return _TITLES[name].capitalize()


def _find_tested(checkpoint: Checkpoint | None, name: str) -> Metric | None:
    tested = find_test(find_shipped_evaluations(checkpoint)) if checkpoint else None
    return tested.metrics.get(name) if tested else None


def _show_table(rows: list[Agreement]) -> None:
    st.dataframe(
        [
            {"Of": row.key, "Judged": row.n, "Disputed": row.n_disputed, "Agreement": format_figure(row.agreement)}
            | {name.capitalize(): format_figure(metric) for name, metric in row.figures.items()}
            for row in rows
        ],
        hide_index=True,
    )


def _show_readers() -> None:
    pairs = compare()
    if not pairs:
        return
    with st.expander(f"Between readers ({len(pairs):,})", icon=":material/group:"):
        st.caption(
            "Two readers of the same readings, of each the last word before the other's was shown. Kappa is agreement "
            "beyond chance: 1 is always, 0 is what chance gives. Both had seen the model's call."
        )
        st.dataframe([_build_row(pair) for pair in pairs], hide_index=True)


def _build_row(pair: ReaderPair) -> dict[str, object]:
    return {
        "Readers": f"{pair.first} and {pair.second}",
        "Readings": pair.n,
        "Say the same": format_figure(pair.agreement),
        "Kappa": format_figure(pair.kappa),
    }
