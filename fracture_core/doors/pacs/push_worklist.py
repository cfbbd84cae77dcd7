"""What was read in a worklist goes back to the PACS."""

from collections.abc import Callable, Collection
from datetime import datetime

from fracture_core.base import PacsError
from fracture_core.doors.pacs.push import push_objects, tell_push
from fracture_core.doors.pacs.results import make_results
from fracture_core.doors.report.build import Report, build_report
from fracture_core.networks import Checkpoint, find_checkpoint
from fracture_core.radiographs import read_file_bytes
from fracture_core.reading import ReadRequest, read_file, word_override
from fracture_core.records import Worklist, WorklistItem, find_worklist_file, read_items, read_worklist


def push_worklist(
    worklist_id: str, numbers: Collection[int] = (), *, who: str = "", tell: Callable[[int, int], None] | None = None
) -> int:
    """Make the objects about a worklist's radiographs and store them in the PACS; return of how many radiographs.

    Args:
        numbers: of the items; all that are read where it is empty. What the gate refused is left out.
        who: kept in the audit log.
        tell: called with how many are done, and in all.

    Raises:
        PacsError: there is nothing to send, or the PACS does not take it.
        FractureError: a radiograph cannot be read again.
    """
    worklist = read_worklist(worklist_id)
    checkpoint = _find_model(worklist)
    wanted = [
        item for item in read_items(worklist.id) if _can_be_sent(item) and (not numbers or item.number in numbers)
    ]
    if not wanted:
        raise PacsError(
            "There is nothing to send: of a radiograph that is read, from a DICOM file, and not refused.",
            "Read the worklist first, or name other files of it.",
        )
    for done, item in enumerate(wanted, 1):
        data = read_file_bytes(find_worklist_file(worklist.id, worklist.folder, item.path))
        report = _build(data, item, checkpoint)
        push_objects(make_results(report, data))
        tell_push(report.radiograph.sha256, who)
        if tell:
            tell(done, len(wanted))
    return len(wanted)


def _can_be_sent(item: WorklistItem) -> bool:
    return item.shown_call is not None and item.source_type == "DICOM"


def _find_model(worklist: Worklist) -> Checkpoint:
    checkpoint = find_checkpoint(worklist.model)
    if checkpoint.manifest.weights_sha256 != worklist.model_sha256:
        raise PacsError(f"The model {worklist.model} has other weights by now.", "Make a new worklist, and send that.")
    return checkpoint


def _build(data: bytes, item: WorklistItem, checkpoint: Checkpoint) -> Report:
    """Return the report as the page makes it of the same item."""
    read = read_file(data, ReadRequest(checkpoint, "worklist", region=item.region))
    said = (word_override(item.refusals, item.override.who, item.override.why),) if item.override else ()
    at = datetime.now().astimezone()
    return build_report(read.annotate(said), read.reading, checkpoint, at=at, body_part=item.region)
