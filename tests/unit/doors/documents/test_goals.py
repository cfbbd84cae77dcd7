"""Goals are judged by value and by interval."""

from pathlib import Path

import pytest

from fracture_core.doors.documents.goals import build_goals
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.evaluation.records import Localisation, PointFigures
from fracture_core.networks.checkpoints import Checkpoint
from tests.tiny_world import make_checkpoint
from tests.unit.doors.documents.test_findings import make_evaluation, make_metric


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return make_checkpoint(tmp_path / "default")


def read_answers(table: str, goal: str) -> list[str]:
    rows = [line for line in table.splitlines() if goal in line]
    assert len(rows) == 1
    return [cell.strip() for cell in rows[0].strip("|").split("|")[-2:]]


def test_goals_are_judged_by_value_and_by_interval(checkpoint: Checkpoint) -> None:
    points = {
        name: PointFigures(
            threshold=0.1, rule="", metrics={"sensitivity": make_metric(a), "specificity": make_metric(b)}
        )
        for name, a, b in (("high_sensitivity", 0.93, 0.78), ("balanced", 0.8, 0.9))
    }
    localisation = Localisation(n=9, n_groups=9, tolerance=0.03, iou_level=0.5, figures={"pointing": make_metric(0.55)})
    evaluation = make_evaluation(operating_points=points, localisation=localisation)
    table = build_goals([Shipped(checkpoint, (evaluation,))], [])
    assert read_answers(table, "AUROC") == ["yes", "no"]
    assert read_answers(table, "Sensitivity") == ["yes", "yes"] and "high sensitivity point" in table
    assert read_answers(table, "Pointing") == ["no", "no"]
    assert read_answers(table, "ECE") == ["not known", "not known"]


def test_two_points_do_not_meet_a_goal_together(checkpoint: Checkpoint) -> None:
    points = {
        name: PointFigures(
            threshold=0.1, rule="", metrics={"sensitivity": make_metric(a), "specificity": make_metric(b)}
        )
        for name, a, b in (("high_sensitivity", 0.95, 0.6), ("balanced", 0.8, 0.9))
    }
    table = build_goals([Shipped(checkpoint, (make_evaluation(operating_points=points),))], [])
    assert read_answers(table, "Sensitivity") == ["no", "no"]
