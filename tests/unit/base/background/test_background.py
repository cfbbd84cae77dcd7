"""Work in the background: one at a time, told as it goes, cancelled, broken off and noticed, started in a process."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fracture_core.base.background import states, work
from fracture_core.base.background.begin import cancel_task, dismiss_task, list_arguments, start_task
from fracture_core.base.background.detach import build_child_environment
from fracture_core.base.background.states import BackgroundTask, TaskState, list_tasks, read_task
from fracture_core.base.background.work import working_on_task
from fracture_core.base.errors import LeakError, StateUnwritableError, TaskHeldError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.evaluation.kept import find_evaluations
from fracture_core.networks.checkpoints import find_checkpoint
from tests.tiny_world import make_checkpoint, write_dataset

LIMIT_S = 180.0
TASK = BackgroundTask(kind="evaluation", checkpoint="tiny", weights_sha256="0" * 64, data="drawn", split="test")


@pytest.fixture(autouse=True)
def own(own_settings: Settings) -> Settings:
    return own_settings


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[BackgroundTask]:
    """What would have been given a process."""
    found: list[BackgroundTask] = []
    monkeypatch.setattr("fracture_core.base.background.begin._spawn", found.append)
    return found


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < deadline_s, "did not happen"
        time.sleep(0.05)


def read(task: BackgroundTask = TASK) -> TaskState:
    state = read_task(task)
    assert state is not None
    return state


def test_what_the_block_tells_is_read_by_others_and_its_end_too() -> None:
    seen: list[tuple[str, int, int]] = []
    with working_on_task(TASK, lambda *told: seen.append(told)) as tell:
        assert read().status == "running"
        tell("Decoding", 3, 10)
        state = read()
        assert (state.what, state.done, state.total, state.left_s) == ("Decoding", 3, 10, None)
    assert read().status == "finished"
    assert seen == [("Decoding", 3, 10)]
    assert [state.task for state in list_tasks("evaluation", "0" * 64)] == [TASK]
    assert list_tasks("neighbours", "0" * 64) == []


def test_the_time_left_is_measured_and_forgets_an_older_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(work.time, "monotonic", lambda: clock[0])
    with working_on_task(TASK) as tell:
        tell("Reading", 0, 1000)
        for done in range(10, 510, 10):  # ten a second: pieces that were there already
            clock[0] += 1
            tell("Reading", done, 1000)
        assert read().left_s == pytest.approx(50)
        for done in range(501, 620):  # one a second
            clock[0] += 1
            tell("Reading", done, 1000)
        assert read().left_s == pytest.approx(1000 - 619, rel=0.05)


def test_it_never_runs_twice(spawned: list[BackgroundTask], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_HAND_OVER_S", 0.1)
    with working_on_task(TASK):
        same = TASK.model_copy(update={"data": "/elsewhere/drawn"})  # kept under the same name
        with pytest.raises(TaskHeldError), working_on_task(same):
            pytest.fail("worked on twice")
        start_task(TASK)
        assert not spawned
        with working_on_task(TASK.model_copy(update={"split": "val"})):
            assert len(list_tasks("evaluation", "0" * 64)) == 2
    assert read().status == "finished"  # what the second was told has not gone over it


def test_of_two_who_press_at_once_one_starts_it(spawned: list[BackgroundTask]) -> None:
    first, second = start_task(TASK), start_task(TASK)
    assert spawned == [TASK] and first.status == second.status == "starting"


def test_an_error_is_kept_in_words() -> None:
    with pytest.raises(LeakError), working_on_task(TASK):
        raise LeakError("It leaks.", "Choose another side.")
    state = read()
    assert (state.status, state.problem, state.remedy, state.error) == (
        "failed",
        "It leaks.",
        "Choose another side.",
        "LeakError",
    )
    dismiss_task(TASK)
    assert read_task(TASK) is None


def test_an_unforeseen_error_gives_an_id_and_no_traceback() -> None:
    with pytest.raises(ZeroDivisionError), working_on_task(TASK):
        _ = 1 / 0
    assert "id " in read().problem and "division" not in read().problem


def test_cancelled_it_ends_and_says_so() -> None:
    started_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt), working_on_task(TASK):
        cancel_task(TASK)
        time.sleep(LIMIT_S)
    assert time.monotonic() - started_s < LIMIT_S / 2  # also out of a call that waits
    assert read().status == "cancelled"
    with working_on_task(TASK):  # the old request does not end the next one
        time.sleep(3 * work._LOOK_EVERY_S)
    assert read().status == "finished"
    cancel_task(TASK)  # nobody is at work: nothing is left that would end the next one
    assert not states.find_path(TASK.key, "cancel").exists()


def test_a_worker_that_has_gone_is_told_and_can_be_started_again(spawned: list[BackgroundTask]) -> None:
    with working_on_task(TASK):
        killed = read()
    states.write_state(killed)  # as a killed process leaves it: at work by its file, and no lock
    assert read().status == "failed" and "broken off" in read().problem
    start_task(TASK)
    assert spawned == [TASK]


def test_one_that_never_began_is_told_in_the_end(
    spawned: list[BackgroundTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    start_task(TASK)
    assert read().is_active
    monkeypatch.setattr(states, "START_GRACE_S", -1.0)
    assert read().status == "failed"


def test_a_damaged_file_is_as_none() -> None:
    with working_on_task(TASK):
        pass
    states.find_path(TASK.key, "json").write_text("{")
    assert read_task(TASK) is None and list_tasks("evaluation", "0" * 64) == []


def test_a_folder_that_cannot_be_written_is_named(own: Settings) -> None:
    own.state_dir.mkdir(parents=True, exist_ok=True)
    (own.state_dir / "background").write_text("a file where the folder should be")
    for act in (lambda: start_task(TASK), lambda: working_on_task(TASK).__enter__()):
        with pytest.raises(StateUnwritableError, match="background"):
            act()
    assert read_task(TASK) is None


def test_a_full_disk_does_not_end_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(state: TaskState) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(work, "write_state", refuse)
    with working_on_task(TASK) as tell:
        tell("Reading", 1, 2)


@pytest.mark.slow
def test_it_is_done_in_a_process_of_its_own_and_kept(own: Settings) -> None:
    make_checkpoint(own.checkpoints_dir / "tiny")
    write_dataset(own.data_dir / "drawn")
    checkpoint = find_checkpoint("tiny")
    task = TASK.model_copy(update={"weights_sha256": checkpoint.manifest.weights_sha256})
    start_task(task)
    wait_until(lambda: not read(task).is_active)
    assert read(task).status == "finished", states.find_path(task.key, "log").read_text()
    assert [(item.dataset, item.split) for item in find_evaluations(checkpoint)] == [("drawn", "test")]


@pytest.mark.slow
def test_a_process_that_cannot_begin_is_told(own: Settings) -> None:
    start_task(TASK)  # there is no such checkpoint
    wait_until(lambda: not read().is_active)
    assert read().status == "failed"


def test_a_setting_of_several_folders_reaches_the_child(
    own: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders = (tmp_path / "a", tmp_path / "b")
    monkeypatch.setattr(
        "fracture_core.base.background.detach.get_settings", lambda: own.model_copy(update={"worklist_dirs": folders})
    )
    environment = build_child_environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    assert get_settings().worklist_dirs == folders


def test_the_arguments_are_those_of_the_command_line() -> None:
    published = TASK.model_copy(update={"as_published": True})
    assert "--as-published" in list_arguments(published)
    assert list_arguments(BackgroundTask(kind="neighbours", checkpoint="tiny", weights_sha256="1"))[0] == "neighbours"
    assert os.sep not in published.key
