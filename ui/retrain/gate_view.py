"""The gate on the screen: a finished run's model beside the one in use, and the decision."""

import streamlit as st

from fracture_core.evaluation import GateReport, build_gate_report, find_champion, find_gate_report
from fracture_core.networks import Checkpoint, find_checkpoint, find_last_serving_change, find_served_name
from fracture_core.training import RunState
from ui.retrain.gate_side import show_side
from ui.retrain.serving_view import offer_promotion, show_serving
from ui.shared.durations import word_moment
from ui.shared.empty_states import show_empty
from ui.shared.errors import escape_markdown, show_errors
from ui.shared.progress import AuditProgress

_BANNERS = {
    "better": (st.success, ":material/thumb_up:"),
    "not worse": (st.info, ":material/balance:"),
    "worse": (st.warning, ":material/thumb_down:"),
    "leaks": (st.warning, ":material/water_drop:"),
    "unproven": (st.warning, ":material/help:"),
}


def show_gate(run: RunState | None) -> None:
    """Show how a finished run's model stands beside the one in use, take the decision, and offer to go back.

    Of a run that has not finished, and without one, only what can be gone back from is shown.
    """
    if run and run.status == "finished":
        _show_comparison(run)
    elif find_last_serving_change() is None:
        return
    with show_errors("showing which model is in use"):
        show_serving()


def _show_comparison(run: RunState) -> None:
    st.header("Beside the model in use", anchor=False)
    with show_errors(f"comparing run {run.id}"), st.container(border=True, key="fx_card_gate"):
        candidate, champion = find_checkpoint(run.id), find_champion()
        if champion and champion.manifest.weights_sha256 == candidate.manifest.weights_sha256:
            show_empty("This model is in use", "Train another one to compare with it, or roll back below.")
        else:
            _show_candidate(candidate, champion)


def _show_candidate(candidate: Checkpoint, champion: Checkpoint | None) -> None:
    report = find_gate_report(candidate, champion)
    if report is None:
        name = escape_markdown(champion.name if champion else find_served_name())
        show_empty(
            "Not compared yet",
            f"Compare this model with {name}, the one in use, on the test radiographs that {name} was measured on. It "
            "takes seconds where both have read them before, and minutes where they have to be read; stay on this page "
            "meanwhile.",
        )
    if st.button("Compare again" if report else "Compare now", icon=":material/compare_arrows:", key="gate_compare"):
        with AuditProgress() as progress:
            build_gate_report(candidate, champion, progress=progress)
        st.rerun()
    if report:
        _show_report(report)
        offer_promotion(report)


def _show_report(report: GateReport) -> None:
    _show_verdict(report)
    if report.frozen:
        side = report.frozen[0]
        if len(report.frozen) > 1:
            names = [side.dataset for side in report.frozen]
            chosen = st.segmented_control("Test radiographs", names, default=names[0], required=True, key="gate_frozen")
            side = report.frozen[names.index(chosen or names[0])]
        show_side(report, side, "frozen")
    if report.own:
        with st.expander(f"On the test radiographs of {escape_markdown(report.candidate)} itself"):
            for number, side in enumerate(report.own):
                show_side(report, side, f"own_{number}")


def _show_verdict(report: GateReport) -> None:
    show, icon = _BANNERS[report.verdict.level]
    headline, *reasons = (escape_markdown(sentence) for sentence in report.verdict.sentences)
    show("\n".join([f"**{headline}**", "", *(f"- {reason}" for reason in reasons)]), icon=icon)
    check = report.leak_check
    sentences = [
        f"{report.candidate} ({report.candidate_sha256[:8]}) against {report.champion} "
        f"({report.champion_sha256[:8] or 'not here'}), compared on {word_moment(report.made_at)}."
    ]
    if check.n_learned:
        sentences.append(
            f"{check.n_checked:,} test radiographs were looked for among the {check.n_learned:,} files that it learned "
            f"from, by name and by their pixels: {len(check.leaks):,} found."
        )
    st.caption(escape_markdown(" ".join((*sentences, *report.remarks))))
    if check.leaks:
        with st.expander(f"Test radiographs that it learned from ({len(check.leaks):,})"):
            rows = [
                {
                    "Test radiograph": f"{leak.dataset}/{leak.name}",
                    "Learned from as": f"{leak.learned_dataset}/{leak.learned_name}",
                }
                for leak in check.leaks
            ]
            st.dataframe(rows, hide_index=True)
