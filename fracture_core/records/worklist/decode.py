"""From a file of a worklist to a radiograph, ahead of the network."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from fracture_core.base import FractureError, log_incident
from fracture_core.radiographs import Radiograph, find_body_part, read_file, read_radiograph
from fracture_core.records.worklist.places import find_file
from fracture_core.records.worklist.records import WorklistItem
from fracture_core.records.worklist.study_key import hash_study

THREADS = 2


@dataclass(frozen=True, eq=False)
class Decoded:
    """A file that was opened.

    Attributes:
        radiograph: None where it could not be read; ``reason`` then says why.
        study: see ``WorklistItem``.
    """

    item: WorklistItem
    radiograph: Radiograph | None
    reason: str = ""
    study: str = ""
    elapsed_ms: float = 0.0

    @property
    def region(self) -> str:
        """Return the body part that the header states, in plain words."""
        stated = self.radiograph.details.get("body_part", "") if self.radiograph else ""
        return find_body_part(stated).word[:40]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader should know of the picture."""
        if self.radiograph is None:
            return ()
        frames = self.radiograph.frame_count
        return self.radiograph.warnings + (
            (f"The file has {frames} frames; the first one was read.",) if frames > 1 else ()
        )


def decode_ahead(take: Callable[[], list[WorklistItem]], folder: str, salt: str) -> Iterator[list[Decoded]]:
    """Yield batches; the next one is decoded while the caller works on this one.

    Args:
        take: gives the next files to read; no files at the end.
        folder, salt: of the worklist.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="worklist-decode") as pool:
        coming = [pool.submit(_decode, item, folder, salt) for item in take()]
        while coming:
            current, coming = coming, [pool.submit(_decode, item, folder, salt) for item in take()]
            yield [future.result() for future in current]


def _decode(item: WorklistItem, folder: str, salt: str) -> Decoded:
    started_s = time.perf_counter()
    try:
        data = read_file(find_file(item.worklist_id, folder, item.path))
        # Only a screen needs the full depth, and pictures that wait should be small.
        radiograph = replace(read_radiograph(data), full_depth=None)
        study = hash_study(data, salt) if radiograph.source_type == "DICOM" else ""
    except FractureError as error:
        return Decoded(item, None, str(error))
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        return Decoded(item, None, describe_unexpected(error))
    return Decoded(item, radiograph, "", study, (time.perf_counter() - started_s) * 1000)


def describe_unexpected(error: Exception) -> str:
    """Log an error of one file that nobody foresaw; return what its row says."""
    incident_id = log_incident(error, "reading a file of a worklist")
    return f"Something unexpected happened, id {incident_id}. The details are in the log under this id."
