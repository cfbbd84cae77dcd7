"""Watching a run: what is new is read, and what came late or went is noticed."""

import pytest

from fracture_core.base.settings import Settings
from fracture_core.training.runs.metrics import MetricsFollower
from fracture_core.training.runs.run import MetricPoint, Run, TrainingRequest, create_run


@pytest.fixture
def run(own_settings: Settings) -> Run:
    return create_run(TrainingRequest(data=("phantoms",), recipe="quick"))


def add(run: Run, *steps: int, name: str = "train_loss", value: float = 1.0) -> None:
    run.write({}, [MetricPoint(step, 0, name, value) for step in steps])


def check(follower: MetricsFollower, run: Run) -> None:
    assert [MetricPoint(*row) for row in follower.read().itertuples(index=False)] == run.read_metrics()


def test_new_late_and_dropped_points_are_followed(run: Run) -> None:
    follower = MetricsFollower(run.id)
    assert follower.read().empty
    add(run, 5, 10)
    check(follower, run)
    add(run, 10, name="val_auroc")  # at the last step, as validation does
    add(run, 15, 20)
    check(follower, run)
    add(run, 12)  # late: the database was locked meanwhile
    check(follower, run)
    run.drop_metrics_after(10)
    check(follower, run)
    add(run, 15, value=2.0)
    check(follower, run)
    run.drop_metrics_after(-1)
    check(follower, run)


def test_only_new_points_are_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = MetricsFollower(run.id)
    add(run, *range(1, 200))
    follower.read()
    read: list[int] = []
    monkeypatch.setattr("pandas.concat", lambda parts, **_: read.append(len(parts[1])) or parts[0])
    add(run, 200, 201)
    follower.read()
    assert read == [3]  # the last known step again, and the two new ones
