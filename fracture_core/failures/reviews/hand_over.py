"""Train on these next: reviewed radiographs go into the data set ``reviewed``, which Retrain offers."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from PIL import Image

from fracture_core.base import CountProgress, IntakeError, ReviewError
from fracture_core.datasets import (
    MANIFEST_NAME,
    REVIEWED_DATASET,
    Catalog,
    DatasetItem,
    find_catalog,
    shrink_to_thumbnail,
)
from fracture_core.failures.reviews.frozen import find_frozen_copies, list_frozen
from fracture_core.failures.reviews.read import read_reviews
from fracture_core.failures.reviews.records import Review
from fracture_core.failures.reviews.reviewed_set import ReviewedSet, changing_reviewed_set, find_reviewed_root
from fracture_core.failures.reviews.rules import check_files, check_who
from fracture_core.radiographs import Radiograph, read_radiograph, read_radiograph_file
from fracture_core.store import log_action

_EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif"}


@dataclass(frozen=True)
class HandOver:
    """What came of it.

    Attributes:
        added: names that are in the data set ``reviewed`` now.
        refused: by name, why it is not taken; a sentence for people.
        updated: those of ``added`` that were there already; label and marks are those of today.
        remarks: what could not be looked at.
    """

    added: tuple[str, ...]
    refused: dict[str, str]
    updated: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def hand_over_images(dataset: str, names: Iterable[str], who: str, progress: CountProgress | None = None) -> HandOver:
    """Put radiographs into the data set ``reviewed``, with the label that was proposed, else the given one.

    A JPEG, PNG or TIFF goes in as it is. Of a DICOM its displayed pixels go in, as a PNG of
    16 bits: nothing of its header, where the patient is, is stored a second time. Refused are
    files that a checkpoint at hand is tested on, their copies, and views of their exams.

    Args:
        dataset: as an evaluation names it.
        names: relative to the data set's root.

    Raises:
        ReviewError: no name of a person or of a file, or the data set is not on this machine.
        DatasetError: a data set cannot be read, or the disk has no room.
        StoreError: the database cannot be used.
    """
    who, chosen = check_who(who), check_files(dataset, names)
    report = progress or (lambda done, total: None)
    if dataset == REVIEWED_DATASET:
        return HandOver((), dict.fromkeys(chosen, f"It is in the data set {REVIEWED_DATASET} already."))
    catalog = _open(dataset)
    items, refused = _find_items(catalog, chosen)
    taken, unread = _sort_out(catalog, items, report)
    refused |= unread
    reviews = read_reviews(dataset) if taken else {}
    added, updated = [], []
    if taken:
        with changing_reviewed_set() as reviewed:
            for item in taken:
                try:
                    if _put(reviewed, catalog, item, reviews.get(item.name, Review()), who):
                        updated.append(item.name)
                    added.append(item.name)
                except IntakeError as error:  # it went away, or was changed, while others were looked at
                    refused[item.name] = str(error)
            reviewed.save()
            log_action("hand-over", dataset, who=who, files=added)
    return HandOver(tuple(added), {name: refused[name] for name in chosen if name in refused}, tuple(updated))


def hand_back(dataset: str, names: Iterable[str]) -> tuple[str, ...]:
    """Take radiographs out of the data set ``reviewed`` again; return the names of those that were there.

    Raises:
        ReviewError: no name of a file.
        DatasetError: the manifest cannot be read, or the disk refuses.
    """
    chosen = check_files(dataset, names)
    if not (find_reviewed_root() / MANIFEST_NAME).is_file():
        return ()
    with changing_reviewed_set() as reviewed:
        removed = tuple(name for name in chosen if reviewed.take_out((dataset, name)))
        if removed:
            reviewed.save()
            log_action("hand-back", dataset, files=list(removed))
    return removed


def list_handed_over(dataset: str) -> frozenset[str]:
    """Return the names of a data set's files that are in ``reviewed``; errors as of ``hand_back``."""
    if not (find_reviewed_root() / MANIFEST_NAME).is_file():
        return frozenset()
    return frozenset(name for source, name in ReviewedSet(find_reviewed_root()).list_keys() if source == dataset)


def _open(dataset: str) -> Catalog:
    catalog = find_catalog(dataset, "", ())
    if catalog is None:
        raise ReviewError(
            f"The radiographs of '{dataset}' are not on this machine.",
            "Put the data set into the data folder, or fetch it: python -m fracture_core data fetch.",
        )
    return catalog


def _find_items(catalog: Catalog, names: list[str]) -> tuple[list[DatasetItem], dict[str, str]]:
    known = {item.name: item for item in catalog.items}
    absent = {name: f"It is no longer in '{catalog.name}'." for name in names if name not in known}
    return [known[name] for name in names if name in known], absent


def _sort_out(
    catalog: Catalog, items: list[DatasetItem], progress: CountProgress
) -> tuple[list[DatasetItem], dict[str, str]]:
    """Return the items that may be learned from, and why the others may not."""
    frozen = list_frozen()
    refused: dict[str, str] = {}
    clear: list[DatasetItem] = []
    thumbnails: list[np.ndarray] = []
    for number, item in enumerate(items, start=1):
        reason = frozen.find_reason(catalog, item)
        try:
            if not reason:
                thumbnails.append(shrink_to_thumbnail(read_radiograph_file(item.path).pixels))
                clear.append(item)
        except IntakeError as error:
            reason = str(error)
        if reason:
            refused[item.name] = reason
        progress(number, len(items))
    copies = find_frozen_copies(frozen, thumbnails, catalog)
    refused |= {clear[number].name: reason for number, reason in copies.items()}
    return [item for item in clear if item.name not in refused], refused


def _put(reviewed: ReviewedSet, catalog: Catalog, item: DatasetItem, review: Review, who: str) -> bool:
    """Add an item, or give it today's label; return whether it was there."""
    key = (catalog.name, item.name)
    row = _describe(catalog, item, review, who)
    if reviewed.find(key):
        reviewed.put(key, row, None, "")
        return True
    reviewed.put(key, row, *_read_picture(item))
    return False


def _describe(catalog: Catalog, item: DatasetItem, review: Review, who: str) -> dict[str, str]:
    label = item.label if review.proposed_label is None else review.proposed_label
    boxes = item.boxes if label == 1 else ()  # marks of a fracture that is none would be learned from
    return {
        "label": str(label),
        # The data set's name keeps group 7 of two data sets apart; copies and views of an exam stay together.
        "group": f"{catalog.name}/{item.group}",
        "region": item.region or "",
        "view": " ".join(item.views),
        "hardware": "" if item.hardware is None else str(int(item.hardware)),
        "box": ";".join(f"{box.x:.9g} {box.y:.9g} {box.width:.9g} {box.height:.9g}" for box in boxes),
        "by": who,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _read_picture(item: DatasetItem) -> tuple[bytes, str]:
    """Return a file's bytes and extension; a DICOM's pixels as PNG."""
    try:
        data = item.path.read_bytes()
    except OSError as error:
        raise IntakeError(f"The file '{item.path.name}' cannot be opened.", "Check the disk.") from error
    radiograph = read_radiograph(data)
    if radiograph.source_type in _EXTENSIONS:
        return data, _EXTENSIONS[radiograph.source_type]
    return _encode_png(radiograph), ".png"


def _encode_png(radiograph: Radiograph) -> bytes:
    """Return the displayed pixels as a PNG of 16 bits, without metadata."""
    buffer = io.BytesIO()
    Image.fromarray(np.rint(radiograph.pixels * 65535).astype(np.uint16)).save(buffer, "PNG")
    return buffer.getvalue()
