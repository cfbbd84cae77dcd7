"""Everything that a report says, gathered before it is drawn."""

from dataclasses import dataclass
from datetime import datetime

from fracture_core.base import ReportError
from fracture_core.doors.report.statement import Statement
from fracture_core.evaluation import CallMeaning, explain_call
from fracture_core.networks import Checkpoint, Manifest
from fracture_core.radiographs import Radiograph
from fracture_core.reading import Reading


@dataclass(frozen=True, eq=False)
class Report:
    """One reading, ready to be written.

    Attributes:
        radiograph, reading: what was read, and what the model said.
        manifest: of the checkpoint that said it.
        meaning: what the call means.
        body_part_from: "the file's header", "the person who asked for this report", or "".
        at: when the report was made, with its time zone.
        statement: what a person said; None where nobody said anything.
        file_name: as the person wants it shown; "" leaves it out.
    """

    radiograph: Radiograph
    reading: Reading
    manifest: Manifest
    meaning: CallMeaning
    body_part_from: str
    at: datetime
    statement: Statement | None = None
    file_name: str = ""


def build_report(
    radiograph: Radiograph,
    reading: Reading,
    checkpoint: Checkpoint,
    *,
    at: datetime,
    body_part: str = "",
    statement: Statement | None = None,
    file_name: str = "",
) -> Report:
    """Gather what a report says.

    Args:
        radiograph, reading: of one file.
        checkpoint: the one that made the reading.
        at: when the report is made; with a time zone.
        body_part: what a person says is shown; the file's header is asked where it is empty.
        statement: what a person says to the call.
        file_name: the file's name, only if the person wants it in the report: it may name a patient.

    Raises:
        ReportError: the reading was made by other weights, or the time has no zone.
        CheckpointDamagedError: the checkpoint's evaluation cannot be understood.
    """
    if reading.model_sha256 != checkpoint.manifest.weights_sha256:
        raise ReportError("The reading was made by another model than the one named.", "Read the radiograph again.")
    if at.tzinfo is None:
        raise ReportError("The report's time has no time zone.", "Give a time with its zone.")
    said, in_header = body_part.strip(), radiograph.details.get("body_part", "")
    meaning = explain_call(checkpoint, reading.call, said or in_header)
    source = "the person who asked for this report" if said else "the file's header"
    return Report(
        radiograph=radiograph,
        reading=reading,
        manifest=checkpoint.manifest,
        meaning=meaning,
        body_part_from=source if meaning.body_part else "",
        at=at,
        statement=statement,
        file_name=file_name,
    )
