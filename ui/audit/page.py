"""Look for what is wrong with a data set, before a network learns from it."""

from typing import Literal

import streamlit as st

from fracture_core.datasets import (
    AuditReport,
    Catalog,
    find_audit_report,
    keep_audit_report,
    list_datasets,
    open_dataset,
)
from ui.audit.view import offer_downloads, show_charts, show_copies, show_findings, show_splits, show_verdict
from ui.shared.empty_states import show_empty
from ui.shared.errors import show_errors
from ui.shared.frame import AUDIT, show_frame
from ui.shared.progress import AuditProgress

WHAT_IT_DOES = (
    "An audit looks for files that cannot be read, copies (also turned, mirrored or changed in contrast), radiographs "
    "on both sides of a split, radiographs with two labels, and anything but the bone that tells the label. It takes "
    "about a minute for some thousand radiographs; nothing in the data set is changed."
)


def choose_dataset() -> str | None:
    return st.selectbox("Data set", list_datasets(), index=None, key="data", bind="query-params", width=320)


def ask(report: AuditReport | None) -> bool:
    label = "Audit anew" if report else "Audit"
    kind: Literal["primary", "secondary"] = "secondary" if report else "primary"
    return st.button(label, type=kind, icon=":material/fact_check:", key="audit")


def audit(catalog: Catalog) -> AuditReport:
    from fracture_core.datasets import audit_dataset  # scikit-learn loads slowly; a kept report needs none of it

    with AuditProgress() as progress:
        report = audit_dataset(catalog, progress=progress)
    keep_audit_report(report)
    return report


def show_report(report: AuditReport, catalog: Catalog) -> None:
    show_verdict(report)
    offer_downloads(report, catalog)
    show_charts(report)
    show_splits(report)
    show_findings(report)
    show_copies(report, catalog)


def show_page() -> None:
    """Draw the page."""
    with show_errors("the page Audit"):
        show_frame(AUDIT)
        chosen = choose_dataset()
        if chosen is None:
            show_empty("No data set chosen", f"Choose one. {WHAT_IT_DOES}")
        else:
            with show_errors(f"auditing {chosen}"):
                opened = open_dataset(chosen)
                found = find_audit_report(opened)
                if ask(found):
                    found = audit(opened)
                if found:
                    show_report(found, opened)
                else:
                    show_empty("Not audited yet", WHAT_IT_DOES)
