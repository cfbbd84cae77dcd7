"""A reading as it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from fracture_core.reading.history.withheld import Withheld
from fracture_core.store import Call, Door

SOURCES: tuple[Door, ...] = get_args(Door)


@dataclass(frozen=True)
class ReadingRecord(Withheld):
    """One reading.

    Attributes:
        number: counts up; a later reading has a greater one.
        id: 32 hexadecimal digits, for addresses.
        at: in UTC.
        who: the name given, or the system's user; empty where nobody is known.
        source: by which door the radiograph came.
        name: of the file; empty unless the settings keep patient data.
        sha256: of the file.
        frame: zero-based.
        correction: what was done to the picture before it was read, see ``suitability.findings.Correction``.
        source_type: such as "DICOM".
        region: body part in plain words; empty where it is not known.
        view: such as "AP".
        label, call, p_fracture: what the model said; of a refused picture see ``shown_call`` and ``shown_p``.
        threshold, negative_below, positive_from: the balanced point, and the ends of the uncertain zone.
        notes: what a reader should know of the picture.
        refusals: why it was refused.
        override_who, override_why, override_at: who wanted it read all the same.
        elapsed_ms: from the file's bytes to its suitability.
        worklist_id, item_number: of the worklist's item; empty and None where it is of none.
    """

    number: int
    id: str
    at: datetime
    who: str
    source: Door
    name: str
    sha256: str
    frame: int
    correction: str
    source_type: str
    width_px: int
    height_px: int
    region: str
    view: str
    model: str
    model_sha256: str
    label: str
    call: Call
    p_fracture: float
    threshold: float
    negative_below: float
    positive_from: float
    notes: tuple[str, ...]
    refusals: tuple[str, ...]
    override_who: str
    override_why: str
    override_at: datetime | None
    elapsed_ms: float
    device: str
    worklist_id: str
    item_number: int | None

    @property
    def is_overridden(self) -> bool:
        return self.override_at is not None
