"""A run in the database: its state changes as a whole, and no measurement is lost or doubled."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from fracture_core.base.errors import JobError
from fracture_core.base.settings import Settings
from fracture_core.store.database import writing_session
from fracture_core.training.runs.run import MetricPoint, TrainingRequest, create_run, find_run, list_states
from fracture_core.training.runs.writer import RunWriter
from tests.unit.conftest import LockDatabase

REQUEST = TrainingRequest(data=("drawn",), recipe="quick", epochs=3, augmentation="flips")


def test_two_of_one_second_that_draw_the_same_name_get_two(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["018b", "018b", "018b", "7c41"])
    monkeypatch.setattr("fracture_core.training.runs.run.secrets.token_hex", lambda _bytes: next(drawn))
    monkeypatch.setattr(
        "fracture_core.training.runs.run.get_utc_now", lambda: datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    )
    first, second = create_run(REQUEST), create_run(REQUEST)
    assert (first.id, second.id) == ("20260504-030201-quick-018b", "20260504-030201-quick-7c41")
    assert {state.id for state in list_states()} == {first.id, second.id}


def test_new_run_waits_for_its_turn(either_database: Settings) -> None:
    run = create_run(REQUEST)
    state = find_run(run.id).read_state()
    assert (state.status, state.request, state.pid) == ("queued", REQUEST, None)
    assert "-quick-" in run.id and run.directory.is_dir()
    assert not state.has_ended and state.created_at.tzinfo is not None


def test_folder_that_cannot_be_made_is_a_clear_error(own_settings: Settings) -> None:
    own_settings.state_dir.mkdir(parents=True)
    (own_settings.state_dir / "runs").write_text("no folder")
    with pytest.raises(JobError, match="cannot be made"):
        create_run(REQUEST)
    assert list_states() == []


def test_state_changes_as_a_whole(either_database: Settings) -> None:
    run = create_run(REQUEST)
    before = run.read_state()
    after = run.update_state(status="running", step=7, data_fingerprints={"drawn": "f"})
    assert (after.status, after.step, after.data_fingerprints) == ("running", 7, {"drawn": "f"})
    assert after.updated_at > before.updated_at
    with pytest.raises(ValidationError):
        run.update_state(step=8, status="dancing")
    assert run.read_state() == after


def test_a_measurement_given_twice_is_one(either_database: Settings) -> None:
    run = create_run(REQUEST)
    run.write({"step": 10}, [MetricPoint(5, 0, "train_loss", 0.7), MetricPoint(10, 1, "train_loss", 0.6)])
    run.write({}, [MetricPoint(10, 1, "train_loss", 0.5), MetricPoint(10, 1, "val_auroc", 0.8)])
    assert run.read_metrics() == [(5, 0, "train_loss", 0.7), (10, 1, "train_loss", 0.5), (10, 1, "val_auroc", 0.8)]
    run.drop_metrics_after(5)
    assert run.read_metrics() == [(5, 0, "train_loss", 0.7)]


def test_runs_keep_their_measurements_apart(either_database: Settings) -> None:
    first, second = create_run(REQUEST), create_run(REQUEST)
    first.write({}, [MetricPoint(1, 0, "train_loss", 0.1)])
    second.drop_metrics_after(-1)
    assert len(first.read_metrics()) == 1 and second.read_metrics() == []


def test_readers_and_a_writer_at_once(either_database: Settings) -> None:
    run = create_run(REQUEST)

    def look(_: int) -> bool:
        steps = [point.step for point in run.read_metrics()]
        return steps == list(range(len(steps)))

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, number) for number in range(20)]
        for step in range(20):
            run.write({"step": step}, [MetricPoint(step, 0, "train_loss", 1.0)])
        assert all(each.result() for each in looks)
    assert len(run.read_metrics()) == 20


def test_list_is_newest_first_and_a_damaged_run_hides_no_other(either_database: Settings) -> None:
    first, bad, last = (create_run(REQUEST) for _ in range(3))
    with writing_session() as session:
        # As a later version may: our own columns would refuse the word.
        session.execute(text("UPDATE runs SET status = 'dancing' WHERE id = :id"), {"id": bad.id})
    assert [state.id for state in list_states()] == [last.id, first.id]
    with pytest.raises(JobError, match="damaged at 'status'"):
        find_run(bad.id)
    last.update_state(status="finished")
    assert [state.id for state in list_states(active=True)] == [first.id]


@pytest.mark.parametrize("run_id", ["nonesuch", "../../etc", "", "a\0b", "\ud800", "x" * 500])
def test_unknown_run_is_a_clear_error(either_database: Settings, run_id: str) -> None:
    with pytest.raises(JobError, match="no training run"):
        find_run(run_id)


def test_what_is_no_number_keeps_nothing_else_from_the_database(either_database: Settings) -> None:
    writer = RunWriter(create_run(REQUEST))
    writer.add(1, 0, {"train_loss": 0.5, "map_loss": math.nan, "images_per_s": math.inf})
    assert writer.write(status="running")
    assert writer.run.read_metrics() == [(1, 0, "train_loss", 0.5)]


def test_writer_keeps_what_a_locked_database_cannot_take(own_settings: Settings, lock_database: LockDatabase) -> None:
    run = create_run(REQUEST)
    writer = RunWriter(run)
    writer.add(1, 0, {"train_loss": 0.9})
    assert writer.write(step=1)
    with lock_database():
        writer.add(2, 0, {"train_loss": 0.8})
        assert not writer.write(step=2)
        writer.add(3, 0, {"train_loss": 0.7})
        assert not writer.write(epoch=1)
        assert [point.step for point in run.read_metrics()] == [1]
    assert writer.write(seconds_left=3.0)
    state = run.read_state()
    assert (state.step, state.epoch, state.seconds_left) == (2, 1, 3.0)
    assert [point.value for point in run.read_metrics()] == [0.9, 0.8, 0.7]
