"""What is kept between reruns: the loaded networks, and the readings of a session."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import streamlit as st

from fracture_core.base import IntakeError, get_settings
from fracture_core.networks import Checkpoint
from fracture_core.radiographs import Radiograph, read_radiograph, read_radiograph_file
from fracture_core.reading import (
    Correction,
    NewReading,
    Predictor,
    Reading,
    Suitability,
    correct,
    get_suitability_check,
    identify_checkpoint,
    shared,
)
from ui.reading.record import Keeping, name_request
from ui.shared.person import get_who
from ui.viewer.picture import SentHeat, pack_heatmap
from ui.viewer.pixels import KeptPixels

_KEPT_NETWORKS = 3
_KEPT_PICTURES = 12  # a few MB each once looked at, else two bytes a pixel


@dataclass(frozen=True)
class Source:
    """A file to read: ``key`` tells it from all others of the session."""

    key: str
    name: str
    get_bytes: Callable[[], bytes]
    is_drawn: bool = False


@dataclass(frozen=True, eq=False)
class ReadFile:
    """What stays of a file once read: facts and the reading, whose heatmap is let go."""

    width_px: int
    height_px: int
    source_type: str
    bit_depth: int
    frame_count: int
    warnings: tuple[str, ...]
    details: dict[str, str]
    reading: Reading
    suitability: Suitability
    elapsed_ms: float  # from the file's bytes to the reading
    sha256: str = ""  # of the file


@dataclass(frozen=True, eq=False)
class OpenedFile:
    """A file that is read and can be shown.

    Attributes:
        read: facts and the reading.
        pixels: at full depth, for the viewer.
        heatmap: ``(H', W')`` float32 in [0, 1] over the whole picture.
        keeping: its way into the history.
    """

    read: ReadFile
    pixels: KeptPixels
    heatmap: np.ndarray
    keeping: Keeping

    @cached_property
    def heat(self) -> SentHeat | None:
        """The heatmap as the viewer takes it."""
        return pack_heatmap(self.heatmap)


def get_predictor(checkpoint: Checkpoint) -> Predictor:
    """Return the loaded network of a checkpoint; shared by all sessions."""
    return _load_predictor(checkpoint.name, identify_checkpoint(checkpoint), get_settings().device, checkpoint)


@st.cache_resource(max_entries=_KEPT_NETWORKS, show_spinner="Loading the network")
def _load_predictor(name: str, identity: str, device: str, _checkpoint: Checkpoint) -> Predictor:
    return shared.get_predictor(_checkpoint)  # the API of this process reads with the same


def open_source(
    source: Source, frame: int, checkpoint: Checkpoint, correction: Correction = ""
) -> OpenedFile | IntakeError:
    """Return what is needed to show one frame, corrected as a person wants; read again if others took its place."""
    return _open_source(source.key, frame, correction, identify_checkpoint(checkpoint), source, checkpoint)


@st.cache_resource(scope="session", max_entries=_KEPT_PICTURES, show_spinner=False)
def _open_source(
    key: str, frame: int, correction: Correction, identity: str, _source: Source, _checkpoint: Checkpoint
) -> OpenedFile | IntakeError:
    def begin(radiograph: Radiograph, read: ReadFile) -> Keeping:
        if _source.is_drawn:  # a drawing is nobody's reading
            return Keeping(None)
        new = NewReading(
            source="page",
            radiograph=radiograph,
            reading=read.reading,
            suitability=read.suitability,
            elapsed_ms=read.elapsed_ms,
            who=get_who(),
            name=_source.name,
            frame=frame,
            correction=correction,
            request_key=name_request(key, frame, correction, identity),
        )
        return Keeping(new)

    try:
        return _open(lambda: correct(read_radiograph(_source.get_bytes(), frame=frame), correction), _checkpoint, begin)
    except IntakeError as error:
        return error


def open_path(path: Path, checkpoint: Checkpoint) -> OpenedFile:
    """Return what is needed to show a file of a data set.

    Raises:
        IntakeError: the file cannot be read.
    """
    modified_ns = path.stat().st_mtime_ns if path.exists() else 0
    return _open_path(path, modified_ns, identify_checkpoint(checkpoint), checkpoint)


@st.cache_resource(scope="session", max_entries=_KEPT_PICTURES, show_spinner="Reading the radiograph")
def _open_path(path: Path, modified_ns: int, identity: str, _checkpoint: Checkpoint) -> OpenedFile:
    # Files of data sets are no readings, and those of a worklist were kept when they were read.
    return _open(lambda: read_radiograph_file(path), _checkpoint, lambda *_: Keeping(None))


def _open(
    decode: Callable[[], Radiograph], checkpoint: Checkpoint, begin: Callable[[Radiograph, ReadFile], Keeping]
) -> OpenedFile:
    predictor = get_predictor(checkpoint)  # loading it is no part of the time a reading takes
    started_s = time.perf_counter()
    radiograph = decode()
    reading = predictor.read(radiograph)
    suitability = get_suitability_check(checkpoint).check(
        radiograph, reading.features, read_features=lambda shown: predictor.read(shown).features
    )
    read = ReadFile(
        width_px=radiograph.width_px,
        height_px=radiograph.height_px,
        source_type=radiograph.source_type,
        bit_depth=radiograph.bit_depth,
        frame_count=radiograph.frame_count,
        warnings=radiograph.warnings,
        details=radiograph.details,
        reading=replace(reading, heatmap=reading.heatmap[:0]),
        suitability=suitability,
        elapsed_ms=(time.perf_counter() - started_s) * 1000,
        sha256=radiograph.sha256,
    )
    return OpenedFile(read, KeptPixels(radiograph), reading.heatmap, begin(radiograph, read))
