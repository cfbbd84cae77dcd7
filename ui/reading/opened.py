"""What is kept between reruns: the loaded networks, and the readings of a session."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import numpy as np
import streamlit as st

import fracture_core.reading as library
from fracture_core.base import IntakeError, get_settings
from fracture_core.networks import Checkpoint, identify_checkpoint
from fracture_core.reading import Correction, Keeping, Predictor, ReadFile, ReadRequest, build_request_key, read_file
from ui.shared.person import get_who
from ui.viewer.picture import SentHeat, pack_heatmap
from ui.viewer.pixels import KeptPixels

_SESSION = "fx_session"
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
class OpenedFile:
    """A file that is read and can be shown.

    Attributes:
        read: facts and the reading; pixels and heatmap are let go of.
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
    return library.get_predictor(_checkpoint)  # the API of this process reads with the same


def open_source(
    source: Source, frame: int, checkpoint: Checkpoint, correction: Correction = ""
) -> OpenedFile | IntakeError:
    """Return what is needed to show one frame, corrected as a person wants; read again if others took its place."""
    return _open_source(source.key, frame, correction, identify_checkpoint(checkpoint), source, checkpoint)


@st.cache_resource(scope="session", max_entries=_KEPT_PICTURES, show_spinner=False)
def _open_source(
    key: str, frame: int, correction: Correction, identity: str, _source: Source, _checkpoint: Checkpoint
) -> OpenedFile | IntakeError:
    request = ReadRequest(
        _checkpoint,
        "page",
        who=get_who(),
        name=_source.name,
        frame=frame,
        correction=correction,
        request_key=_name_request(key, frame, correction, identity),
    )
    try:
        return _open(_source.get_bytes(), request, is_kept=not _source.is_drawn)  # a drawing is nobody's reading
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
    return _open(path, ReadRequest(_checkpoint, "page"), is_kept=False)


def _open(source: bytes | Path, request: ReadRequest, *, is_kept: bool) -> OpenedFile:
    get_predictor(request.checkpoint)  # says that it is being loaded, where it is
    read = read_file(source, request)
    keeping = Keeping(read.build_new_reading() if is_kept else None)
    return OpenedFile(read.let_pixels_go(), KeptPixels(read.radiograph), read.reading.heatmap, keeping)


def _name_request(key: str, frame: int, correction: str, identity: str) -> str:
    """Return what is the same for every run of the page that shows one reading of this session."""
    session = str(st.session_state.setdefault(_SESSION, uuid4().hex))
    return build_request_key("page", session, key, str(frame), correction, identity)
