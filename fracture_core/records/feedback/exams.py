"""Which files of readings are of one exam, as headers and worklists tell; they must stay on one side of a split."""

from collections.abc import Mapping

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, aliased

from fracture_core.datasets import join_linked_names
from fracture_core.store import ReadingRow, WorklistItemRow, reading_session

_BLOCK = 400  # hashes in one question; databases take so many


def group_exams(present: Mapping[str, str]) -> dict[str, str]:
    """Return the group of each frame by its name.

    Args:
        present: names "SHA-256/frame", each with the group that it has already or an empty text. Groups are only
            ever joined: what was of one exam stays so when its worklist is gone.

    Raises:
        StoreError: the database cannot be used.
    """
    files = {name: f"file/{name.partition('/')[0]}" for name in present}
    links = [(files[name], group) for name, group in present.items() if group]
    links += sorted(_find_links({name.partition("/")[0] for name in present}))
    root = join_linked_names({name for link in links for name in link} | set(files.values()), links)
    return {name: root[file] for name, file in files.items()}


def _find_links(hashes: set[str]) -> set[tuple[str, str]]:
    """Return (file, exam) of all files of these ones' exams, also by way of a file that is not asked for."""
    links: set[tuple[str, str]] = set()
    asked: set[str] = set()
    with reading_session() as session:
        while hashes - asked:
            new = _read_exams(session, hashes - asked)
            asked |= hashes
            links |= {(f"file/{sha256}", f"study/{worklist}/{study}") for sha256, worklist, study in new}
            hashes = hashes | {sha256 for sha256, _, _ in new}
    return links


def _read_exams(session: Session, hashes: set[str]) -> set[tuple[str, str, str]]:
    """Return (SHA-256, worklist, exam) of all files of the exams that these files are of."""
    row, item, other = ReadingRow, WorklistItemRow, aliased(WorklistItemRow)
    ordered, found = sorted(hashes), set()
    for start in range(0, len(ordered), _BLOCK):
        wanted = (
            select(other.sha256, other.worklist_id, other.study)
            .select_from(row)
            .join(item, (item.worklist_id == row.worklist_id) & (item.number == row.item_number))
            .join(other, (other.worklist_id == item.worklist_id) & (other.study == item.study))
            .where(row.sha256.in_(ordered[start : start + _BLOCK]), item.study != "", other.sha256 != "")
        )
        found |= {(sha256, worklist, study) for sha256, worklist, study in session.execute(wanted)}
        beside = aliased(ReadingRow)
        of_exam = (
            select(beside.sha256, literal(""), beside.exam)
            .distinct()
            .select_from(row)
            .join(beside, beside.exam == row.exam)
            .where(row.sha256.in_(ordered[start : start + _BLOCK]), row.exam != "")
        )
        found |= {(sha256, worklist, exam) for sha256, worklist, exam in session.execute(of_exam)}
    return found
