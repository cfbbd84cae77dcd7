"""Runs for other programs; the event files are read back, checksums and all."""

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from tensorboardX.crc32c import crc32c
from tensorboardX.proto.event_pb2 import Event

from fracture_core.base.errors import JobError
from fracture_core.base.settings import Settings
from fracture_core.training.run_history.export import build_runs_csv, write_tensorboard, zip_tensorboard
from fracture_core.training.runs.run import MetricPoint, Run, TrainingRequest, create_run, get_utc_now


@pytest.fixture
def runs(own_settings: Settings) -> list[Run]:
    made = []
    for seed, value in ((1, 0.5), (2, 0.6)):
        run = create_run(TrainingRequest(data=("phantoms",), recipe="quick", seed=seed, learning_rate=0.002))
        points = [
            MetricPoint(10, 0, "train_loss", value),
            MetricPoint(10, 0, "val_auroc", 0.8),
            MetricPoint(10, 0, "learning_rate", 0.0001),
            MetricPoint(20, 1, "train_loss", 0.3),
        ]
        run.write({"status": "finished", "started_at": get_utc_now(), "device": "cpu"}, points)
        made.append(run)
    return made


def unmask(stored: int) -> int:
    """Undo TensorFlow's masking of a record's checksum (tensorflow/core/lib/hash/crc32c.h)."""
    rotated = (stored - 0xA282EAD8) & 0xFFFFFFFF
    return ((rotated >> 17) | (rotated << 15)) & 0xFFFFFFFF


def read_events(data: bytes) -> Iterator[Event]:
    stream = io.BytesIO(data)
    while header := stream.read(8):
        (length,) = struct.unpack("<Q", header)
        assert unmask(*struct.unpack("<I", stream.read(4))) == crc32c(header)
        body = stream.read(length)
        assert unmask(*struct.unpack("<I", stream.read(4))) == crc32c(body)
        yield Event.FromString(body)


def read_scalars(data: bytes) -> dict[tuple[str, int], tuple[float, float]]:
    """Return value and wall time by tag and step."""
    return {
        (value.tag, event.step): (value.simple_value, event.wall_time)
        for event in read_events(data)
        for value in event.summary.value
        if value.HasField("simple_value")
    }


def test_csv_has_a_row_a_step_with_settings_and_all_that_was_measured(runs: list[Run]) -> None:
    table = pd.read_csv(io.StringIO(build_runs_csv([run.id for run in runs])))
    assert list(table["run"]) == [runs[0].id] * 2 + [runs[1].id] * 2
    assert list(table["setting_seed"]) == [1, 1, 2, 2]
    assert set(table["setting_epochs"]) == {30} and set(table["setting_learning_rate"]) == {
        0.002
    }  # the recipe's, and one's own
    assert list(table["step"]) == [10, 20, 10, 20]
    assert list(table["train_loss"]) == [0.5, 0.3, 0.6, 0.3]
    assert table["learning_rate"].dropna().tolist() == [0.0001, 0.0001]  # as measured
    assert table["val_auroc"].isna().tolist() == [False, True, False, True]


def test_csv_names_a_run_that_measured_nothing(own_settings: Settings) -> None:
    run = create_run(TrainingRequest(data=("phantoms", "/some/folder"), recipe="quick"))
    table = pd.read_csv(io.StringIO(build_runs_csv([run.id])))
    assert list(table["setting_data"]) == ["phantoms, /some/folder"] and table["step"].isna().all()


def test_tensorboard_files_read_back_with_the_times_of_measuring(runs: list[Run], tmp_path: Path) -> None:
    write_tensorboard([run.id for run in runs], tmp_path / "logs")
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == sorted(run.id for run in runs)
    (path,) = (tmp_path / "logs" / runs[1].id).iterdir()
    assert "tfevents" in path.name
    scalars = read_scalars(path.read_bytes())
    assert set(scalars) == {
        ("training/loss", 10),
        ("training/loss", 20),
        ("training/learning_rate", 10),
        ("validation/auroc", 10),
    }
    assert scalars["training/loss", 10][0] == pytest.approx(0.6)
    began_s = runs[1].read_state().started_at.timestamp()
    assert all(abs(time_s - began_s) < 60 for _, time_s in scalars.values())
    texts = [
        value for event in read_events(path.read_bytes()) for value in event.summary.value if value.HasField("tensor")
    ]
    assert any(b"learning_rate | 0.002" in part for text in texts for part in text.tensor.string_val)


def test_zip_holds_a_folder_a_run(runs: list[Run]) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_tensorboard([run.id for run in runs]))) as archive:
        names = archive.namelist()
        assert {name.split("/")[0] for name in names} == {run.id for run in runs}
        assert len(read_scalars(archive.read(names[0]))) == 4


def test_unknown_run_is_told(runs: list[Run], tmp_path: Path) -> None:
    with pytest.raises(JobError, match="nonesuch"):
        build_runs_csv(["nonesuch"])
    with pytest.raises(JobError, match="nonesuch"):
        write_tensorboard([runs[0].id, "nonesuch"], tmp_path / "logs")
    assert not (tmp_path / "logs").exists()
