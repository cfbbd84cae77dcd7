"""Judged readings become radiographs of the data set ``reviewed``, which Retrain offers; with the readers' label."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from fracture_core.base import CountProgress, FeedbackError, IntakeError, get_settings
from fracture_core.datasets import MANIFEST_NAME, REVIEWED_DATASET, find_catalog, shrink_to_thumbnail
from fracture_core.failures import (
    READINGS,
    FrozenRadiographs,
    HandOver,
    ReviewedSet,
    changing_reviewed_set,
    find_frozen_copies,
    find_reviewed_root,
    list_frozen,
)
from fracture_core.radiographs import read_radiograph_file
from fracture_core.reading import find_picture, find_present
from fracture_core.records.feedback.candidates import Candidate, read_candidates
from fracture_core.records.feedback.exams import group_exams
from fracture_core.records.feedback.rules import check_who
from fracture_core.store import append_audit_entry, log_action, writing_session

_NOT_ALLOWED = "Pictures may not be kept here: the setting keep_pictures is off."


def hand_over_readings(ids: Iterable[str], who: str, progress: CountProgress | None = None) -> HandOver:
    """Put the pictures of judged readings into the data set ``reviewed``, with the label that their readers agree on.

    A file that was read several times goes in once; one that is there and has become disputed goes out. Refused
    are readings that nobody judged or whose label is disputed, those whose picture is not kept, and copies of
    radiographs that a checkpoint is tested on.

    Args:
        ids: of readings; ``HandOver`` names them by these.

    Raises:
        FeedbackError: no name of a person, or no reading.
        DatasetError: a data set cannot be read, or the disk has no room.
        StoreError: the database cannot be used.
    """
    who, chosen = check_who(who), list(dict.fromkeys(ids))
    if not chosen:
        raise FeedbackError("No reading is chosen.", "Choose at least one.")
    candidates = read_candidates(chosen)
    refused = {each: reason for each in chosen if (reason := _find_reason(each, candidates))}
    _take_out((each for each in candidates.values() if each.consensus.is_disputed), who)
    clear = [candidates[each] for each in chosen if each not in refused]
    frozen = list_frozen()
    clear, unread = _look(clear, frozen, progress or (lambda done, total: None))
    refused |= unread
    outcome = HandOver((), {each: refused[each] for each in chosen if each in refused}, (), _word_unseen(frozen))
    return _take_in(clear, who, outcome) if clear else outcome


def hand_back_readings(ids: Iterable[str], who: str = "") -> tuple[str, ...]:
    """Take readings out of the data set ``reviewed`` again; return the ids of those that were there.

    Raises:
        DatasetError: the manifest cannot be read, or the disk refuses.
        StoreError: the database cannot be used.
    """
    return _take_out(read_candidates(list(dict.fromkeys(ids))).values(), who)


def list_handed_over_readings(ids: Sequence[str]) -> frozenset[str]:
    """Return those of some readings whose radiograph is in ``reviewed``; errors as of ``hand_back_readings``."""
    if not ids or not (find_reviewed_root() / MANIFEST_NAME).is_file():
        return frozenset()
    keys = set(ReviewedSet(find_reviewed_root()).list_keys())
    return frozenset(each for each, candidate in read_candidates(ids).items() if candidate.key in keys)


def _take_out(candidates: Iterable[Candidate], who: str = "") -> tuple[str, ...]:
    chosen = list(candidates)
    if not chosen or not (find_reviewed_root() / MANIFEST_NAME).is_file():
        return ()
    with changing_reviewed_set() as reviewed:
        removed = tuple(each.reading.id for each in chosen if reviewed.take_out(each.key))
        if removed:
            log_action("hand-back", REVIEWED_DATASET, who=who, readings=list(removed))
            reviewed.save()
    return removed


def _find_reason(reading_id: str, candidates: dict[str, Candidate]) -> str:
    """Return why a reading is refused before its picture is looked at; empty where it is not."""
    candidate = candidates.get(reading_id)
    if candidate is None:
        return "There is no such reading."
    if candidate.reading.is_refused:
        return "Its picture was refused before it was read."
    if candidate.consensus.is_disputed:
        return "Its label is disputed: as many readers say the one as the other."
    if candidate.consensus.label is None:
        return "Nobody has judged it yet."
    if not get_settings().keep_pictures:
        return _NOT_ALLOWED
    return "" if find_picture(reading_id) else "Its picture was not kept."


def _look(
    candidates: list[Candidate], frozen: FrozenRadiographs, progress: CountProgress
) -> tuple[list[Candidate], dict[str, str]]:
    """Return the candidates that may be learned from, by their pixels, and why the others may not."""
    refused: dict[str, str] = {}
    clear: list[Candidate] = []
    thumbnails: list[np.ndarray] = []
    for number, candidate in enumerate(candidates, start=1):
        path = find_picture(candidate.reading.id)
        try:
            if path is None:
                raise IntakeError("Its picture went away meanwhile.", "Offer another one.")
            thumbnails.append(shrink_to_thumbnail(read_radiograph_file(path).pixels))
            clear.append(candidate)
        except IntakeError as error:
            refused[candidate.reading.id] = str(error)
        progress(number, len(candidates))
    copies = find_frozen_copies(frozen, thumbnails)
    refused |= {clear[number].reading.id: reason for number, reason in copies.items()}
    return [each for each in clear if each.reading.id not in refused], refused


def _take_in(candidates: list[Candidate], who: str, outcome: HandOver) -> HandOver:
    added, updated, refused = [], [], dict(outcome.refused)
    with changing_reviewed_set() as reviewed:
        present = find_present([candidate.reading.id for candidate in candidates])
        for candidate in candidates:
            if candidate.reading.id not in present:
                refused[candidate.reading.id] = "It was deleted meanwhile."
                continue
            try:
                if _put(reviewed, candidate, who):
                    updated.append(candidate.reading.id)
                added.append(candidate.reading.id)
            except FileNotFoundError:  # retention, meanwhile
                refused[candidate.reading.id] = "Its picture went away meanwhile."
        _put_into_groups(reviewed)
        with writing_session() as session:  # the entry is there once the manifest is
            append_audit_entry(session, "hand-over", REVIEWED_DATASET, who=who, readings=added)
            reviewed.save()
    return replace(outcome, added=tuple(added), updated=tuple(updated), refused=refused)


def _put(reviewed: ReviewedSet, candidate: Candidate, who: str) -> bool:
    """Add a radiograph, or give it the label and region of today; return whether it was there."""
    present = reviewed.find(candidate.key)
    row = {
        "label": str(candidate.consensus.label),
        "group": (present or {}).get("group", ""),
        "region": candidate.region,
        "view": candidate.view,
        "by": who,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if present:
        reviewed.put(candidate.key, row, None, "")
        return True
    path = find_picture(candidate.reading.id)
    if path is None:
        raise FileNotFoundError
    reviewed.put(candidate.key, row, path.read_bytes(), ".png")
    return False


def _put_into_groups(reviewed: ReviewedSet) -> None:
    """Give frames of one file, and files of one exam, one group; what was together stays together."""
    rows = {key: reviewed.find(key) or {} for key in reviewed.list_keys() if key[0] == READINGS}
    groups = group_exams({name: row.get("group", "") for (_, name), row in rows.items()})
    for key, row in rows.items():
        reviewed.put(key, row | {"group": groups[key[1]]}, None, "")


def _word_unseen(frozen: FrozenRadiographs) -> tuple[str, ...]:
    """Return what could not be compared."""
    absent = sorted(name for name in frozen.names if find_catalog(name, "", ()) is None)
    if not absent:
        return ()
    return (
        f"The test radiographs of {', '.join(absent)} are not on this machine, so that copies of them could not be "
        "looked for.",
    )
