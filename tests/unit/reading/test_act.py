"""The act of reading: one meaning of time, notes, refusals and overrides, whichever door asks."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import IntakeError, StoreError, SuitabilityError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint, identify_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading import act
from fracture_core.reading.act import LoadedCheckpoint, ReadRequest, read_file
from fracture_core.reading.history.read import find_reading
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.findings import Finding, Suitability
from tests.sample_files import build_dicom, draw_bone
from tests.tiny_world import encode_phantom, make_checkpoint

REFUSED = Suitability((Finding("not a limb", "refused", "A chest.", "Ask for a limb."),))


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    return make_checkpoint(own_settings.checkpoints_dir / "default")


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture is refused."""
    monkeypatch.setattr(SuitabilityCheck, "check", lambda *_, **__: REFUSED)


def test_bytes_path_and_open_radiograph_read_alike(checkpoint: Checkpoint, tmp_path: Path) -> None:
    data = encode_phantom()
    path = tmp_path / "a.png"
    path.write_bytes(data)
    request = ReadRequest(checkpoint, "page")
    reads = [read_file(source, request) for source in (data, path, read_radiograph(data))]
    assert len({read.reading.p_fracture for read in reads}) == 1
    assert len({read.radiograph.sha256 for read in reads}) == 1
    assert {read.fingerprint for read in reads} == {identify_checkpoint(checkpoint)}


def test_time_runs_from_the_bytes_to_the_check(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    def passing(seconds: float, result: object) -> object:
        clock[0] += seconds
        return result

    loaded, decode, check = LoadedCheckpoint.of(checkpoint), act.read_radiograph, SuitabilityCheck.check
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(LoadedCheckpoint, "of", classmethod(lambda *_: passing(100, loaded)))
    monkeypatch.setattr(act, "read_radiograph", lambda *a, **k: passing(1, decode(*a, **k)))
    monkeypatch.setattr(SuitabilityCheck, "check", lambda *a, **k: passing(2, check(*a, **k)))
    monkeypatch.setattr(act, "record_reading", lambda _new: passing(1000, None))
    read = read_file(encode_phantom(), ReadRequest(checkpoint, "API", is_kept=True))
    assert read.elapsed_ms == 3000  # decoding and the check; not loading, and not keeping


def test_a_kept_reading_is_in_the_history(checkpoint: Checkpoint) -> None:
    read = read_file(encode_phantom(), ReadRequest(checkpoint, "API", who="Ada", region="wrist", is_kept=True))
    assert read.record is not None
    kept = find_reading(read.record.id)
    assert (kept.who, kept.source, kept.region) == ("Ada", "API", "wrist")
    assert (kept.elapsed_ms, kept.sha256) == (read.elapsed_ms, read.radiograph.sha256)
    assert kept.notes == read.notes


def test_one_key_is_one_reading(checkpoint: Checkpoint) -> None:
    request = ReadRequest(checkpoint, "PACS", request_key="k" * 64, is_kept=True)
    first, second = read_file(encode_phantom(), request), read_file(encode_phantom(), request)
    assert first.record == second.record


def test_a_database_that_fails_is_told(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_new: object) -> None:
        raise StoreError("The database is away.", "See that it runs.")

    monkeypatch.setattr(act, "record_reading", fail)
    with pytest.raises(StoreError, match="away"):
        read_file(encode_phantom(), ReadRequest(checkpoint, "API", is_kept=True))
    assert read_file(encode_phantom(), ReadRequest(checkpoint, "API")).record is None


def test_what_is_refused_needs_a_reason(checkpoint: Checkpoint, refusing: None) -> None:
    request = ReadRequest(checkpoint, "command line", who="Ada")
    read = read_file(encode_phantom(), request)
    assert read.is_refused and read.override is None
    with pytest.raises(SuitabilityError):
        read_file(encode_phantom(), replace(request, override_why="x"))
    wanted = read_file(encode_phantom(), replace(request, override_why="a rib view", is_kept=True))
    assert wanted.override is not None and not wanted.is_refused
    assert any("Read all the same by Ada: a rib view" in note for note in wanted.annotate().warnings)
    assert wanted.annotate(["Said by hand."]).warnings[-1] == "Said by hand."


def test_an_override_that_nothing_needs_is_none(checkpoint: Checkpoint) -> None:
    read = read_file(encode_phantom(), ReadRequest(checkpoint, "command line", override_why="a rib view"))
    assert read.override is None


@pytest.mark.parametrize("frame", [0, 2])
def test_a_file_of_several_frames_says_which_was_read(checkpoint: Checkpoint, frame: int) -> None:
    pixels = np.stack([draw_bone() // (1 + number) for number in range(3)])
    read = read_file(build_dicom(pixels, NumberOfFrames=3), ReadRequest(checkpoint, "page", frame=frame))
    said = "the first one was read" if frame == 0 else "frame 3 was read"
    assert f"The file has 3 frames; {said}." in read.notes


def test_a_correction_is_made_before_reading(checkpoint: Checkpoint) -> None:
    request = ReadRequest(checkpoint, "page")
    plain, inverted = (read_file(encode_phantom(), replace(request, correction=how)) for how in ("", "invert"))
    assert np.allclose(inverted.radiograph.pixels, 1 - plain.radiograph.pixels)
    assert inverted.reading.p_fracture != plain.reading.p_fracture
    assert any("inverted before" in note for note in inverted.notes)


def test_facts_stay_when_pixels_go(checkpoint: Checkpoint) -> None:
    read = read_file(encode_phantom(), ReadRequest(checkpoint, "page"))
    left = read.let_pixels_go()
    assert (left.radiograph.width_px, left.radiograph.height_px) == (
        read.radiograph.width_px,
        read.radiograph.height_px,
    )
    assert left.radiograph.pixels.strides == (0, 0) and left.reading.heatmap.size == 0
    assert left.notes == read.notes and left.reading.p_fracture == read.reading.p_fracture


def test_a_file_that_is_none_is_refused_by_intake_alone(checkpoint: Checkpoint, tmp_path: Path) -> None:
    for source in (b"no picture", tmp_path / "gone.png"):
        with pytest.raises(IntakeError):
            read_file(source, ReadRequest(checkpoint, "page"))
