"""An audit on the screen: verdict, findings, charts, copies, downloads."""

from typing import Literal

import pandas as pd
import streamlit as st

from fracture_core.datasets import AuditFinding, AuditReport, Catalog, SplitAudit, build_groups_csv
from ui.audit.charts import draw_copies, draw_leaks, draw_shortcuts, draw_strata
from ui.audit.pairs import show_pairs
from ui.shared.charts import show_chart
from ui.shared.durations import word_duration
from ui.shared.errors import escape_markdown
from ui.shared.exports import logged

_ICONS = {"problem": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
_COLOURS: dict[str, Literal["red", "orange", "gray"]] = {"problem": "red", "warning": "orange", "info": "gray"}
_SHOWN_LEAKS = 500
_SHOWN_NAMES = 60


def show_verdict(report: AuditReport) -> None:
    """Show how the data set can be used, and its size in files, radiographs and groups."""
    show = {"clean": st.success, "with care": st.warning, "not as published": st.error}[report.verdict.level]
    show(f"**{escape_markdown(report.verdict.text)}**", icon=":material/fact_check:")
    tiles = "".join(
        f'<div class="fx-figure" title="{title}"><div class="fx-figure-name">{name}</div>'
        f'<div class="fx-figure-value">{count:,}</div></div>'
        for name, count, title in (
            ("Files", report.n_files, "labelled files that the data set lists"),
            ("Readable", report.n_readable, "files that can be decoded"),
            ("Radiographs", report.n_radiographs, "copies counted once"),
            ("Groups", report.n_groups, "what must stay on one side of a split: copies, exams, patients"),
        )
    )
    st.html(f'<div class="fx-figures">{tiles}</div>')
    when = pd.to_datetime(report.created_at).strftime("%-d %B %Y, %H:%M")
    st.caption(f"Audited on {when} UTC in {word_duration(report.elapsed_s)}.")


def show_findings(report: AuditReport) -> None:
    """Show what was found, the gravest first."""
    st.header("What was found", anchor=False)
    if not report.findings:
        st.markdown("Nothing that needs care.")
    for number, finding in enumerate(report.findings):
        _show_finding(number, finding)


def _show_finding(number: int, finding: AuditFinding) -> None:
    with st.container(border=True, key=f"fx_card_finding_{number}", gap="xsmall"):
        st.badge(finding.severity, icon=_ICONS[finding.severity], color=_COLOURS[finding.severity])
        remedy = f"  \n:gray[{escape_markdown(finding.remedy)}]" if finding.remedy else ""
        st.markdown(f"{escape_markdown(finding.text)}{remedy}")
        if finding.names:
            with st.expander(f"Names ({len(finding.names):,})"):
                st.code(_list_names(finding.names), language=None, wrap_lines=True)


def show_charts(report: AuditReport) -> None:
    """Show copies, strata and shortcuts as charts."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**How many files a radiograph has**")
        show_chart(draw_copies(report), "copies", "Radiographs by the number of their files")
    with right:
        st.markdown("**Class and region**")
        show_chart(draw_strata(report), "strata", "Radiographs by region and class")
    if report.shortcuts:
        st.header("Can the label be told without looking at the bone?", anchor=False)
        st.caption(
            "Each simple number alone, cross-validated with groups kept together and each radiograph counted once. "
            "What lies clear of chance, a network may learn instead of fractures."
        )
        show_chart(draw_shortcuts(report), "shortcuts", "AUROC of simple predictors with intervals")


def show_splits(report: AuditReport) -> None:
    """Show what leaks over each split that was audited."""
    for number, split in enumerate(report.splits):
        st.header(f"The {split.name} split", anchor=False)
        show_chart(draw_leaks(split), f"leaks_{number}", "Files on each side, and those that are also in train")
        if split.leaks:
            st.dataframe(_list_leaks(split), hide_index=True, height=240 if len(split.leaks) > 6 else "auto")
        else:
            st.caption("No radiograph and no group is on two sides.")


def show_copies(report: AuditReport, catalog: Catalog) -> None:
    """Show the copies that pixels proved, side by side."""
    if report.pairs:
        st.header("Copies under different names", anchor=False)
        st.caption(
            "Found by their pixels and proved by their detail; of several copies, enough pairs to link them all. "
            "Those with two labels come first, then the least sure."
        )
        show_pairs(report, catalog)


def offer_downloads(report: AuditReport, catalog: Catalog) -> None:
    """Offer the report and its groups."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Report as JSON",
            logged(report.dataset, lambda: report.model_dump_json(indent=2), what="data audit"),
            f"audit-{report.dataset}.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Groups as manifest.csv",
            logged(report.dataset, lambda: build_groups_csv(catalog, report.groups), what="groups"),
            "manifest.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="Put it into the data set's folder: training then divides by these groups.",
        )


def _list_names(names: tuple[str, ...]) -> str:
    more = [f"and {len(names) - _SHOWN_NAMES:,} more, all in the JSON"] if len(names) > _SHOWN_NAMES else []
    return "\n".join([*names[:_SHOWN_NAMES], *more])


def _list_leaks(split: SplitAudit) -> pd.DataFrame:
    rows = [
        {
            "What": leak.kind,
            "Group": leak.group,
            **{f"Files in {side}": leak.files.get(side, 0) for side in split.files},
        }
        for leak in split.leaks[:_SHOWN_LEAKS]
    ]
    return pd.DataFrame(rows)
