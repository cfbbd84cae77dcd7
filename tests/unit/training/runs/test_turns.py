"""One training at a time: the others wait in order, and a process that has gone holds nobody up."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import psutil
import pytest

from fracture_core.base.errors import JobError, RunHeldError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.training.runs import liveness, turns
from fracture_core.training.runs.liveness import check_alive, measure_start_s
from fracture_core.training.runs.run import Run, TrainingRequest, create_run, get_utc_now
from fracture_core.training.runs.stop_request import ASKED, StopRequest, TrainingStopped
from fracture_core.training.runs.turns import is_held, list_queue, take_turn
from tests.unit.conftest import LockDatabase

REQUEST = TrainingRequest(data=("drawn",), recipe="quick")
LIMIT_S = 30.0


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline_s, "did not happen"
        time.sleep(0.01)


class Waiting(threading.Thread):
    """Waits for a run's turn, keeps its place until told, and notes what came of it."""

    def __init__(self, run: Run) -> None:
        super().__init__(daemon=True)
        self.run_ = run
        self.may_end = threading.Event()
        self.begun = threading.Event()
        self.outcome = ""
        self.start()

    def run(self) -> None:
        try:
            with take_turn(self.run_, StopRequest(self.run_)):
                self.run_.update_state(status="running")
                self.begun.set()
                self.may_end.wait(LIMIT_S)
                self.run_.update_state(status="finished", ended_at=get_utc_now())
                self.outcome = "done"
        except TrainingStopped as stopped:
            self.run_.update_state(status="stopped", reason=str(stopped), ended_at=get_utc_now())
            self.outcome = str(stopped)


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_LOOK_EVERY_S", 0.02)


def test_runs_begin_one_by_one_in_order(either_database: Settings) -> None:
    waiting = []
    for _ in range(3):
        waiting.append(Waiting(create_run(REQUEST)))
        wait_until(lambda: waiting[-1].run_.read_state().pid is not None)
    first, second, third = waiting
    assert first.begun.wait(LIMIT_S)
    assert [state.id for state in list_queue()] == [second.run_.id, third.run_.id]
    first.may_end.set()
    assert second.begun.wait(LIMIT_S) and not third.begun.is_set()
    second.may_end.set()
    assert third.begun.wait(LIMIT_S)
    third.may_end.set()
    for each in waiting:
        each.join(LIMIT_S)
        assert each.outcome == "done"


def test_a_run_has_one_process(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_HAND_OVER_S", 0.05)
    run = create_run(REQUEST)
    assert not is_held(run)
    first = Waiting(run)
    assert first.begun.wait(LIMIT_S)
    before = run.read_state()
    with pytest.raises(RunHeldError, match="at work"), take_turn(run, StopRequest(run)):
        pass
    assert run.read_state() == before and is_held(run)
    first.may_end.set()
    first.join(LIMIT_S)
    assert first.outcome == "done" and not is_held(run)


def test_who_was_taken_for_gone_stands_in_line_again(own_settings: Settings) -> None:
    first, second = Waiting(create_run(REQUEST)), Waiting(create_run(REQUEST))
    assert first.begun.wait(LIMIT_S) or second.begun.wait(LIMIT_S)
    began, waits = (first, second) if first.begun.is_set() else (second, first)
    wait_until(lambda: waits.run_.read_state().pid is not None)
    waits.run_.update_state(
        status="failed", reason="has gone", ended_at=get_utc_now(), pid=None
    )  # as another machine may think
    wait_until(lambda: [state.id for state in list_queue()] == [waits.run_.id])
    state = waits.run_.read_state()
    assert (state.reason, state.ended_at, state.pid) == ("", None, os.getpid())
    for each in (began, waits):
        each.may_end.set()
        each.join(LIMIT_S)
        assert each.outcome == "done"


def test_who_comes_while_the_database_is_locked_waits(own_settings: Settings, lock_database: LockDatabase) -> None:
    run = create_run(REQUEST)
    run.update_state(status="stopped")
    with lock_database():
        waits = Waiting(run)
        time.sleep(0.5)
        assert waits.is_alive() and not waits.begun.is_set()
    assert waits.begun.wait(LIMIT_S)
    waits.may_end.set()
    waits.join(LIMIT_S)


def test_settings_allow_more_at_a_time(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_MAX_TRAININGS", "2")
    get_settings.cache_clear()
    waiting = [Waiting(create_run(REQUEST)) for _ in range(3)]
    wait_until(lambda: sum(each.begun.is_set() for each in waiting) == 2)
    time.sleep(0.2)
    assert sum(each.begun.is_set() for each in waiting) == 2
    for each in waiting:
        each.may_end.set()
        each.join(LIMIT_S)


def test_who_waits_can_leave_the_queue(own_settings: Settings) -> None:
    first = Waiting(create_run(REQUEST))
    assert first.begun.wait(LIMIT_S)
    second = Waiting(create_run(REQUEST))
    wait_until(lambda: second.run_.read_state().pid is not None)
    second.run_.update_state(stop_requested=True)
    second.join(LIMIT_S)
    assert second.outcome == ASKED and list_queue() == []
    first.may_end.set()
    first.join(LIMIT_S)


def test_a_killed_process_frees_its_place_and_leaves_the_queue(own_settings: Settings) -> None:
    holder = create_run(REQUEST)
    code = (
        "import sys, time\nfrom fracture_core.training.runs.run import Run\n"
        "from fracture_core.training.runs.stop_request import StopRequest\n"
        "from fracture_core.training.runs.turns import take_turn\nrun = Run(sys.argv[1])\n"
        "with take_turn(run, StopRequest(run)):\n    run.update_state(status='running')\n    time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, holder.id])
    wait_until(lambda: holder.read_state().status == "running")
    gone = create_run(REQUEST)  # queued before the next, but nobody waits for it any more
    gone.update_state(pid=process.pid, process_started_s=1.0)
    next_one = Waiting(create_run(REQUEST))
    process.kill()
    process.wait()
    assert next_one.begun.wait(LIMIT_S)
    next_one.may_end.set()
    next_one.join(LIMIT_S)
    assert check_alive(holder.read_state()).status == "failed"
    assert gone.read_state().status == "failed" and "has gone" in gone.read_state().reason


def test_a_zombie_is_not_alive(own_settings: Settings) -> None:
    run = create_run(REQUEST)
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    started_s = measure_start_s(psutil.Process(process.pid))
    wait_until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    run.update_state(status="running", pid=process.pid, process_started_s=started_s)
    assert check_alive(run.read_state()).status == "failed"
    process.wait()


def test_process_id_of_another_program_is_not_ours(own_settings: Settings) -> None:
    run = create_run(REQUEST)
    run.update_state(status="running", pid=os.getpid(), process_started_s=1.0)
    assert check_alive(run.read_state()).status == "failed"
    run.update_state(status="running", ended_at=None, process_started_s=measure_start_s(psutil.Process()))
    assert check_alive(run.read_state()).status == "running"


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere a process's start does not move with the clock")
def test_a_clock_that_is_set_makes_no_process_another(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(REQUEST)
    run.update_state(status="running", pid=os.getpid(), process_started_s=measure_start_s(psutil.Process()))
    booted_s = psutil.boot_time()
    monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: booted_s + 3600.0)
    assert psutil.Process().create_time() > booted_s + 3600.0  # as after the clock was put forward by an hour
    assert check_alive(run.read_state()).status == "running"


def test_process_that_never_reports_is_told_after_a_while(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = create_run(REQUEST)
    assert check_alive(run.read_state()).status == "queued"
    monkeypatch.setattr(liveness, "START_GRACE", timedelta(0))
    assert check_alive(run.read_state()).status == "failed"


@pytest.mark.parametrize("hours", [-1, 1])
def test_who_never_reports_blocks_no_queue_after_the_clock_was_set(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    state = create_run(REQUEST).read_state()
    monkeypatch.setattr(liveness, "get_utc_now", lambda: get_utc_now() + timedelta(hours=hours))
    assert check_alive(state).status == "failed" and list_queue() == []


def test_run_of_another_machine_lives_as_long_as_it_writes(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = create_run(REQUEST)
    run.update_state(host="elsewhere", status="running", pid=1, process_started_s=1.0)
    assert check_alive(run.read_state()).status == "running"
    assert list_queue() == []
    monkeypatch.setattr(liveness, "SILENCE_ELSEWHERE", timedelta(0))
    assert check_alive(run.read_state()).status == "failed"


def test_who_waits_shows_that_it_lives(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "SIGN_EVERY", timedelta(seconds=0.02))
    run = create_run(REQUEST)
    with take_turn(run, StopRequest(run)):
        before = run.read_state().updated_at
        wait_until(lambda: run.read_state().updated_at > before)
    after = run.read_state().updated_at
    time.sleep(0.1)
    assert run.read_state().updated_at == after


def test_a_lost_run_is_a_clear_error(own_settings: Settings) -> None:
    run = Run("nonesuch")
    with pytest.raises(JobError, match="no training run"), take_turn(run, StopRequest(run)):
        pass
