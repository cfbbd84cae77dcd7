"""A training in a process of its own: it runs, is killed and noticed, is resumed and finishes."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from fracture_core import jobs
from fracture_core.errors import DatasetError, JobError
from fracture_core.registry import find_checkpoint
from fracture_core.runs import TrainingRequest, create_run, find_run
from fracture_core.settings import Settings
from tests.tiny_world import write_dataset

LIMIT_S = 120.0  # generous for a loaded machine; the tests wait on states, not on this


@pytest.fixture
def request_small(own_settings: Settings) -> Iterator[TrainingRequest]:
    write_dataset(own_settings.data_dir / "drawn", count=24)
    yield TrainingRequest(data=("drawn",), recipe="quick", epochs=60, input_size_px=64, batch_size=4, device="cpu")
    for state in jobs.list_runs():
        if state.pid and not state.has_ended:
            psutil.Process(state.pid).kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline_s, "did not happen"
        time.sleep(0.05)


def has_resume_point(run_id: str) -> bool:
    return find_run(run_id).resume_path.is_file()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; Windows kills by another way")
def test_killed_run_is_noticed_resumed_and_stopped(request_small: TrainingRequest) -> None:
    run_id = jobs.start_training(request_small)
    wait_until(lambda: jobs.read_run(run_id).status == "running" and has_resume_point(run_id))
    with pytest.raises(JobError, match="running already"):
        jobs.start_training(request_small)

    os.kill(jobs.read_run(run_id).pid or 0, signal.SIGKILL)
    wait_until(lambda: jobs.read_run(run_id).status == "failed")
    assert "has gone" in jobs.read_run(run_id).reason
    points = len(jobs.read_metrics(run_id))

    jobs.resume_training(run_id)
    wait_until(lambda: len(jobs.read_metrics(run_id)) > points)
    jobs.stop_training(run_id)
    wait_until(lambda: jobs.read_run(run_id).has_ended)
    assert jobs.read_run(run_id).status == "stopped"
    metrics = jobs.read_metrics(run_id)
    accuracy = metrics[metrics["name"] == "val_accuracy"]["step"]
    assert accuracy.is_unique and accuracy.is_monotonic_increasing
    assert "Epoch" in jobs.read_log_tail(run_id)


def test_run_finishes_and_its_checkpoint_is_listed(request_small: TrainingRequest) -> None:
    run_id = jobs.start_training(request_small.model_copy(update={"epochs": 1}))
    wait_until(lambda: jobs.read_run(run_id).has_ended)
    assert jobs.read_run(run_id).status == "finished", jobs.read_log_tail(run_id)
    assert find_checkpoint(run_id).manifest.recipe["epochs"] == 1
    with pytest.raises(JobError, match="only a stopped or failed run"):
        jobs.resume_training(run_id)


def test_missing_data_is_told_before_anything_starts(own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        jobs.start_training(TrainingRequest(data=("nowhere",), recipe="quick"))
    assert jobs.list_runs() == []


def test_process_that_never_reports_is_told_after_a_while(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    assert jobs.read_run(folder.id).status == "starting"
    monkeypatch.setattr(jobs, "START_GRACE_S", -1.0)
    assert jobs.read_run(folder.id).status == "failed"


def test_process_id_of_another_program_is_not_ours(own_settings: Settings) -> None:
    folder = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    folder.update_state(status="running", pid=os.getpid(), process_started_s=1.0)
    assert jobs.read_run(folder.id).status == "failed"


def test_log_tail_shows_the_last_state_of_a_progress_bar(own_settings: Settings) -> None:
    folder = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    assert jobs.read_log_tail(folder.id) == ""
    folder.log_path.write_text("run x\n\n10%\r20%\r100%\nend\n")
    assert jobs.read_log_tail(folder.id) == "run x\n100%\nend"
    assert jobs.read_log_tail(folder.id, lines=1) == "end"


def test_damaged_run_does_not_hide_the_others(own_settings: Settings) -> None:
    good = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    bad = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    (bad.directory / "state.json").write_text("{")
    assert [state.id for state in jobs.list_runs()] == [good.id]
