"""A training on a disk that fills up: it says so, loses nothing, and goes on when there is room again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import torch

from fracture_core.base.settings import get_settings
from fracture_core.training import jobs
from fracture_core.training.runs.metrics import MetricsFollower
from fracture_core.training.runs.run import TrainingRequest, find_run
from tests.tiny_world import write_dataset
from tests.unit.training.test_jobs import wait_for_status, wait_until

pytestmark = pytest.mark.slow

DISK_MB = 700


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of its own for the state folder; only root may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", disk], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    monkeypatch.setenv("FRACTURE_STATE_DIR", str(disk))
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield disk
    for state in jobs.list_runs():
        if state.pid and not state.has_ended:
            psutil.Process(state.pid).kill()
    subprocess.run(["umount", "-l", disk], check=True)
    get_settings.cache_clear()


def fill(disk: Path) -> Path:
    """Take all the room that is left, as another program would."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(2**16))
        except OSError:
            pass
    return filler


def test_full_disk_is_told_and_nothing_is_lost(small_disk: Path) -> None:
    write_dataset(get_settings().data_dir / "drawn", count=24)
    request = TrainingRequest(data=("drawn",), recipe="quick", epochs=60, input_size_px=32, batch_size=4, device="cpu")
    run_id = jobs.start_training(request)
    run = find_run(run_id)
    wait_until(lambda: jobs.read_run(run_id).has_ended or run.resume_path.is_file())
    assert not jobs.read_run(run_id).has_ended, jobs.read_log_tail(run_id)
    filler = fill(small_disk)
    wait_for_status(run_id, "failed", "finished")
    state = jobs.read_run(run_id)
    assert state.status == "failed"
    assert "disk" in state.reason and "resume" in state.reason, state.reason
    saved = torch.load(run.resume_path, weights_only=True)["global_step"]
    assert saved > 0, "the last checkpoint is whole"

    filler.unlink()
    jobs.resume_training(run_id)
    wait_until(lambda: jobs.read_run(run_id).step > state.step)
    jobs.stop_training(run_id)
    wait_for_status(run_id, "stopped", "failed", "finished")
    assert jobs.read_run(run_id).status == "stopped", jobs.read_run(run_id).reason
    accuracy = MetricsFollower(run_id).read().query("name == 'val_accuracy'")
    assert list(accuracy["epoch"]) == list(range(len(accuracy)))
