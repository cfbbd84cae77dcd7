"""Files that cannot be used, and tables that disagree with the folder."""

from collections.abc import Iterator
from pathlib import Path

from fracture_core.base import quote_first
from fracture_core.datasets.audit.evidence import Evidence
from fracture_core.datasets.audit.report import AuditFinding, word_count

_CUT_SHORT = "cut short"  # as intake words it
_UNREAD_IMAGES = frozenset(
    {".gif", ".bmp", ".webp", ".heic", ".jp2", ".j2k", ".nii", ".mha", ".nrrd", ".pdf", ".psd", ".svg"}
)
_SHOWN_REASONS = 3


def check_readable(evidence: Evidence) -> Iterator[AuditFinding]:
    """Files that are cut short or cannot be decoded, with the first reasons."""
    cut = {name: reason for name, reason in evidence.unreadable.items() if _CUT_SHORT in reason}
    other = {name: reason for name, reason in evidence.unreadable.items() if name not in cut}
    remedy = "They are left out of training and evaluation; get them again from the source."
    if cut:
        text = f"{word_count(len(cut), 'file')} cut short: part of the picture is missing."
        yield AuditFinding(
            check="truncated", severity="warning", count=len(cut), text=text, remedy=remedy, names=sorted(cut)
        )
    if other:
        text = f"{word_count(len(other), 'file')} that cannot be read ({_quote(other)})."
        yield AuditFinding(
            check="unreadable", severity="warning", count=len(other), text=text, remedy=remedy, names=sorted(other)
        )


def check_unsupported(evidence: Evidence) -> Iterator[AuditFinding]:
    """Pictures of types that are not read lie in the folder and are passed over."""
    root = evidence.catalog.root
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if _is_unread(path))
    if names:
        yield AuditFinding(
            check="unsupported",
            severity="warning",
            count=len(names),
            names=names,
            text=f"{word_count(len(names), 'file')} of a type that is not read, passed over.",
            remedy="Save them as JPEG, PNG, TIFF or DICOM.",
        )


def check_tables(evidence: Evidence) -> Iterator[AuditFinding]:
    """Rows without file, files without row, rows that disagree with their folder, files in no class folder."""
    kinds = {
        "row without file": ("the file is missing", "row", "without a file", "Get the files, or remove the rows."),
        "file without row": ("has no row", "file", "without a row in the table", "Add rows, or remove the files."),
        "label against folder": (
            "lies in ",
            "row",
            "with another class than the folder of the file",
            "Look at the radiographs and correct one of the two.",
        ),
        "stray file": (
            "lies in no class folder",
            "image",
            "beside the class folders, so without a label",
            "Move them into a class folder.",
        ),
    }
    left = {exclusion.name: exclusion.reason for exclusion in evidence.catalog.excluded}
    for check, (mark, noun, text, remedy) in reversed(kinds.items()):  # the last mark is part of the one before it
        names = sorted(name for name, reason in left.items() if mark in reason)
        left = {name: reason for name, reason in left.items() if name not in names}
        if names:
            yield AuditFinding(
                check=check,
                severity="warning",
                count=len(names),
                names=names,
                text=f"{word_count(len(names), noun)} {text}.",
                remedy=f"{remedy} They are left out.",
            )
    if left:
        text = f"{word_count(len(left), 'row')} left out ({_quote(left)})."
        yield AuditFinding(check="left out", severity="warning", count=len(left), text=text, names=sorted(left))


def _quote(reasons: dict[str, str]) -> str:
    return quote_first(sorted({reason.rstrip(".") for reason in reasons.values()}), _SHOWN_REASONS)


def _is_unread(path: Path) -> bool:
    return path.suffix.lower() in _UNREAD_IMAGES and not path.name.startswith(".") and path.is_file()
