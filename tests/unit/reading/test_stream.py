"""Many files: in order, a bad one alone, and the same readings as one by one."""

from collections.abc import Sequence

import pytest

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.act import LoadedCheckpoint, ReadFile, ReadRequest, read_file
from fracture_core.reading.engine.predictor import Predictor, Reading
from fracture_core.reading.stream import NotRead, read_stream
from tests.tiny_world import encode_phantom, make_checkpoint

FILES = [encode_phantom(seed) for seed in range(5)]


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    return make_checkpoint(own_settings.checkpoints_dir / "default")


def read_all(files: Sequence[bytes], checkpoint: Checkpoint, count: int = 2) -> list[tuple[int, ReadFile | NotRead]]:
    waiting = list(range(len(files)))

    def take() -> list[int]:
        taken, waiting[:] = waiting[:count], waiting[count:]
        return taken

    request = ReadRequest(checkpoint, "command line")
    batches = read_stream(take, lambda number: (files[number], request), LoadedCheckpoint.of(checkpoint))
    return [pair for batch in batches for pair in batch]


def test_a_stream_reads_as_one_by_one_and_in_order(checkpoint: Checkpoint) -> None:
    read = read_all(FILES, checkpoint)
    assert [number for number, _ in read] == list(range(5))
    for number, each in read:
        assert isinstance(each, ReadFile)
        alone = read_file(FILES[number], each.request)
        assert each.reading.p_fracture == pytest.approx(alone.reading.p_fracture, abs=1e-6)
        assert each.suitability == alone.suitability and each.notes == alone.notes
        assert each.elapsed_ms >= each.reading.elapsed_ms and each.radiograph.full_depth is None


def test_a_bad_file_stops_no_other(checkpoint: Checkpoint) -> None:
    read = dict(read_all([FILES[0], b"no picture", FILES[1]], checkpoint, count=3))
    assert isinstance(read[0], ReadFile) and isinstance(read[2], ReadFile)
    assert isinstance(read[1], NotRead) and "JPEG, PNG, TIFF or DICOM" in read[1].reason and not read[1].sha256


def test_what_nobody_foresaw_is_told_by_its_incident(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Predictor.read_batch

    def fail(predictor: Predictor, radiographs: list) -> list[Reading]:
        if len(radiographs) > 1 or radiographs[0].sha256 == bad:
            raise ValueError("DOE^JANE")
        return whole(predictor, radiographs)

    bad = read_file(FILES[1], ReadRequest(checkpoint, "page")).radiograph.sha256
    monkeypatch.setattr(Predictor, "read_batch", fail)
    read = dict(read_all(FILES[:3], checkpoint, count=3))
    assert isinstance(read[0], ReadFile) and isinstance(read[2], ReadFile)
    assert isinstance(read[1], NotRead) and "unexpected" in read[1].reason and "DOE" not in read[1].reason
    assert read[1].sha256 == bad


def test_nothing_to_read_is_nothing_read(checkpoint: Checkpoint) -> None:
    assert read_all([], checkpoint) == []
