"""Trainings in processes of their own: queued, killed and noticed, resumed, stopped, finished."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from fracture_core.base.errors import DatasetError, JobError, RunHeldError, StoreError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.training import jobs
from fracture_core.training.runs.liveness import measure_start_s
from fracture_core.training.runs.metrics import MetricsFollower
from fracture_core.training.runs.run import RunState, TrainingRequest, create_run, find_run
from fracture_core.training.runs.stop_request import StopRequest
from fracture_core.training.runs.turns import take_turn
from tests.tiny_world import write_dataset
from tests.unit.conftest import LockDatabase

LIMIT_S = 180.0  # generous for a loaded machine; the tests wait on states, not on this


@pytest.fixture
def request_small(own_settings: Settings) -> Iterator[TrainingRequest]:
    write_dataset(own_settings.data_dir / "drawn", count=24)
    yield TrainingRequest(data=("drawn",), recipe="quick", epochs=200, input_size_px=64, batch_size=4, device="cpu")
    for state in jobs.list_runs():
        if state.pid and not state.has_ended:
            psutil.Process(state.pid).kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline_s, "did not happen"
        time.sleep(0.05)


def wait_for_status(run_id: str, *wanted: str) -> None:
    wait_until(lambda: jobs.read_run(run_id).status in wanted)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; Windows kills by another way")
def test_killed_run_is_noticed_the_next_begins_by_itself_and_it_is_resumed_and_stopped(
    request_small: TrainingRequest,
) -> None:
    first = jobs.start_training(request_small)
    wait_until(lambda: jobs.read_run(first).status == "running" and find_run(first).resume_path.is_file())
    second = jobs.start_training(request_small.model_copy(update={"epochs": 1}))
    wait_until(lambda: jobs.read_run(second).pid is not None)
    assert jobs.read_run(second).status == "queued"
    assert (jobs.find_place_in_queue(first), jobs.find_place_in_queue(second)) == (0, 1)
    with pytest.raises(JobError, match="only a stopped or failed run"):
        jobs.resume_training(first)

    os.kill(jobs.read_run(first).pid or 0, signal.SIGKILL)
    wait_for_status(first, "failed")
    assert "has gone" in jobs.read_run(first).reason
    step = jobs.read_run(first).step
    wait_for_status(second, "finished", "failed")
    assert jobs.read_run(second).status == "finished", jobs.read_log_tail(second)
    assert find_checkpoint(second).manifest.recipe["epochs"] == 1

    jobs.resume_training(first)
    wait_until(lambda: jobs.read_run(first).step > step)
    jobs.stop_training(first)
    wait_for_status(first, "stopped", "failed", "finished")
    state = jobs.read_run(first)
    assert state.status == "stopped" and not state.stop_requested
    metrics = MetricsFollower(first).read()
    accuracy = metrics[metrics["name"] == "val_accuracy"]
    assert list(accuracy["epoch"]) == list(range(len(accuracy)))
    assert accuracy["step"].is_monotonic_increasing
    assert "Epoch" in jobs.read_log_tail(first)


@pytest.mark.slow
def test_run_that_waits_is_stopped_at_once(request_small: TrainingRequest) -> None:
    first, second = jobs.start_training(request_small), jobs.start_training(request_small)
    jobs.stop_training(second)
    wait_for_status(second, "stopped")
    assert jobs.read_run(second).step == 0 and jobs.read_run(first).status != "stopped"


@pytest.mark.skipif(os.name == "nt", reason="a signal is the second way on POSIX only")
def test_where_the_database_is_locked_a_signal_stops(own_settings: Settings, lock_database: LockDatabase) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    run.update_state(status="running", pid=process.pid, process_started_s=measure_start_s(psutil.Process(process.pid)))
    with lock_database():
        jobs.stop_training(run.id)
        assert process.wait(LIMIT_S) == -signal.SIGTERM


@pytest.mark.skipif(os.name == "nt", reason="a signal is the second way on POSIX only")
def test_process_of_another_machine_is_never_signalled(own_settings: Settings, lock_database: LockDatabase) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])  # of the same number by chance
    run.update_state(status="running", host="elsewhere", pid=process.pid)
    with lock_database(), pytest.raises(StoreError, match="locked"):
        jobs.stop_training(run.id)
    time.sleep(0.2)
    assert process.poll() is None
    process.kill()
    process.wait()


def test_of_two_who_resume_at_once_one_does(either_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    run.update_state(status="stopped")
    started: list[str] = []
    both_have_looked = threading.Barrier(4)

    def look(run_id: str) -> RunState:
        state = find_run(run_id).read_state()
        both_have_looked.wait(LIMIT_S)
        return state

    monkeypatch.setattr(jobs, "_spawn", lambda run: started.append(run.id))
    monkeypatch.setattr(jobs, "read_run", look)

    def resume(_: int) -> str:
        try:
            jobs.resume_training(run.id)
        except JobError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(resume, range(4)))
    assert started == [run.id]
    assert told[0] == "" and all("is queued; only a stopped or failed run" in text for text in told[1:]), told


def test_missing_data_is_told_before_anything_starts(own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        jobs.start_training(TrainingRequest(data=("nowhere",), recipe="quick"))
    assert jobs.list_runs() == []


def test_process_that_cannot_start_is_told(request_small: TrainingRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(JobError, match="could not be started"):
        jobs.start_training(request_small)
    assert [state.status for state in jobs.list_runs()] == ["failed"]


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Python")
def test_process_that_ends_before_it_can_report_is_told_at_once(
    request_small: TrainingRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such module\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    run_id = jobs.start_training(request_small)
    began_s = time.monotonic()
    wait_for_status(run_id, "failed")
    assert time.monotonic() - began_s < 5.0
    wait_until(lambda: jobs.read_run(run_id).reason == jobs._UNSAID)
    assert jobs.read_log_tail(run_id) == "no such module"


def test_process_that_is_still_at_work_is_not_joined_by_another(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    monkeypatch.setattr(jobs, "_spawn", lambda run: pytest.fail("two processes for one run"))
    with take_turn(run, StopRequest(run)):
        run.update_state(status="failed")  # as another machine may think after a long silence
        with pytest.raises(RunHeldError, match="still at work"):
            jobs.resume_training(run.id)


def test_log_tail_shows_the_last_state_of_a_progress_bar(own_settings: Settings) -> None:
    run = create_run(TrainingRequest(data=("drawn",), recipe="quick"))
    assert jobs.read_log_tail(run.id) == ""
    run.log_path.write_text("run x\n\n10%\r20%\r100%\nend\n")
    assert jobs.read_log_tail(run.id) == "run x\n100%\nend"
    assert jobs.read_log_tail(run.id, lines=1) == "end"
