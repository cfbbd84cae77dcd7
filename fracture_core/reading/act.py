"""The act: a file and a request in, a reading out that is judged, timed and, if wanted, kept. Every door calls it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fracture_core.networks import Checkpoint, identify_checkpoint
from fracture_core.radiographs import Radiograph, read_file_bytes, read_radiograph
from fracture_core.reading.engine.predictor import Reading
from fracture_core.reading.history.record import NewReading, record_reading
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.reading.loaded import LoadedCheckpoint
from fracture_core.reading.suitability.corrections import correct_radiograph
from fracture_core.reading.suitability.findings import Correction, Override, Suitability, decide_override, word_override
from fracture_core.store import Door

Source = bytes | Path | Radiograph


@dataclass(frozen=True)
class ReadRequest:
    """What is asked of one reading; what differs between the doors is here.

    Attributes:
        checkpoint: that reads.
        door: by which the file came.
        who: a person's name or the system's user.
        name: of the file; kept only where the settings keep patient data.
        frame: zero-based.
        correction: done to the picture first, see ``suitability.corrections.correct``.
        region: body part in a person's words; empty leaves it to the header.
        override_why: why it is to be read although it is refused; empty for not at all.
        request_key: of ``build_request_key``; two requests of one key are one reading in the history.
        worklist_id, item_number: of the worklist's item.
        is_kept: the reading goes into the history.
    """

    checkpoint: Checkpoint
    door: Door
    who: str = ""
    name: str = ""
    frame: int = 0
    correction: Correction = ""
    region: str = ""
    override_why: str = ""
    request_key: str | None = None
    worklist_id: str = ""
    item_number: int | None = None
    is_kept: bool = False


@dataclass(frozen=True, eq=False)
class ReadFile:
    """One file, read: what every door shows, hands on and keeps.

    Attributes:
        request: what was asked.
        radiograph: as it was read, with all that intake noticed among its ``warnings``.
        reading: of its picture.
        suitability: what speaks against asking the model at all.
        override: a person's decision to read it although it was refused.
        elapsed_ms: from the file's bytes to reading and suitability; loading the network, fetching the bytes and
            keeping the reading are no part of it.
        fingerprint: of the checkpoint: of its weights, and of how they are fed and judged.
        record: as it is kept in the history; None where it is not.
    """

    request: ReadRequest
    radiograph: Radiograph
    reading: Reading
    suitability: Suitability
    override: Override | None
    elapsed_ms: float
    fingerprint: str
    record: ReadingRecord | None = None

    @property
    def is_refused(self) -> bool:
        """Return whether the reading may not be shown."""
        if self.record is not None:  # somebody may have overridden it there since
            return self.record.is_refused
        return self.suitability.is_refused and self.override is None

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader should know of picture and reading, a sentence each; the history keeps these."""
        return (*self.radiograph.warnings, *self.reading.notices, *self.suitability.list_words("look"))

    def build_new_reading(self) -> NewReading:
        """Return what the history keeps."""
        request = self.request
        return NewReading(
            source=request.door,
            radiograph=self.radiograph,
            reading=self.reading,
            suitability=self.suitability,
            elapsed_ms=self.elapsed_ms,
            who=request.who,
            name=request.name,
            frame=request.frame,
            correction=request.correction,
            region=request.region,
            override=self.override,
            request_key=request.request_key,
            worklist_id=request.worklist_id,
            item_number=request.item_number,
        )

    def annotate(self, said: Sequence[str] = ()) -> Radiograph:
        """Return the radiograph as a report is made of it: with what the suitability check and people say of it.

        Args:
            said: what is to be said besides; by default the override that came with the request, or was kept.
        """
        words = tuple(said) or self._word_override()
        return replace(
            self.radiograph, warnings=(*self.radiograph.warnings, *words, *self.suitability.list_words("look"))
        )

    def _word_override(self) -> tuple[str, ...]:
        if self.record is not None and self.record.override_at is not None:
            return (word_override(self.record.refusals, self.record.override_who, self.record.override_why),)
        if self.override is not None:
            return (word_override(self.suitability.list_words("refused"), self.override.by, self.override.why),)
        return ()

    def let_pixels_go(self) -> "ReadFile":
        """Return it with blank pixels of the same size and without heatmap: facts that take little memory."""
        return replace(
            self,
            radiograph=self.radiograph.without_pixels(),
            reading=replace(self.reading, heatmap=self.reading.heatmap[:0]),
        )


def read_file(source: Source, request: ReadRequest, loaded: LoadedCheckpoint | None = None) -> ReadFile:
    """Read one file as every door reads it.

    Args:
        source: the file's bytes, its path, or a radiograph that is open already.
        request: with ``is_kept`` the reading is in the history when this returns.
        loaded: what reads; by default what the process has loaded of the request's checkpoint.

    Raises:
        IntakeError: the file cannot be read as a radiograph.
        SuitabilityError: the request's reason to override says nothing.
        CheckpointError, DeviceError: the model cannot be used.
        StoreError: the reading is to be kept, and the database cannot be used.
    """
    loaded = loaded or LoadedCheckpoint.of(request.checkpoint)  # loading is no part of the time a reading takes
    source = read_file_bytes(source) if isinstance(source, Path) else source  # nor is reading the disk
    started_s = time.perf_counter()
    radiograph = open_source(source, request)
    reading = loaded.predictor.read(radiograph)
    suitability = check_suitability(loaded, radiograph, reading)
    read = build_read_file(request, radiograph, reading, suitability, (time.perf_counter() - started_s) * 1000)
    return keep_reading(read) if request.is_kept else read


def keep_reading(read: ReadFile) -> ReadFile:
    """Keep a reading in the history, and return it with its row; StoreError where the database cannot be used."""
    return replace(read, record=record_reading(read.build_new_reading()))


def open_source(source: Source, request: ReadRequest) -> Radiograph:
    """Return the picture that a request asks for, corrected; errors as of ``read_file``."""
    if isinstance(source, Radiograph):
        radiograph = source
    elif isinstance(source, Path):
        radiograph = read_radiograph(read_file_bytes(source), frame=request.frame)
    else:
        radiograph = read_radiograph(source, frame=request.frame)
    return correct_radiograph(_say_frames(radiograph), request.correction)


def _say_frames(radiograph: Radiograph) -> Radiograph:
    """Add to a file of several frames or pages that only one of them was read."""
    if radiograph.frame_count == 1:
        return radiograph
    which = f"frame {radiograph.frame_index + 1} was read" if radiograph.frame_index else "the first one was read"
    note = f"The file has {radiograph.frame_count} frames; {which}."
    return replace(radiograph, warnings=(*radiograph.warnings, note))


def check_suitability(loaded: LoadedCheckpoint, radiograph: Radiograph, reading: Reading) -> Suitability:
    """Return what speaks against asking the model about a picture."""
    return loaded.check.check(
        radiograph, reading.features, read_features=lambda shown: loaded.predictor.read(shown).features
    )


def build_read_file(
    request: ReadRequest, radiograph: Radiograph, reading: Reading, suitability: Suitability, elapsed_ms: float
) -> ReadFile:
    """Return what came of a file, with the override that its request brought, if one is needed."""
    decision = None
    if request.override_why and suitability.is_refused:
        decision = decide_override(suitability, by=request.who, why=request.override_why)
    fingerprint = identify_checkpoint(request.checkpoint)
    return ReadFile(request, radiograph, reading, suitability, decision, elapsed_ms, fingerprint)
