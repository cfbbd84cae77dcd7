"""The pace of a training, validation counted."""

import pytest

from fracture_core.training import pace as pace_module
from fracture_core.training.pace import FORWARD_SHARE, Pace


def test_pace_counts_validation_and_only_this_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(pace_module.time, "monotonic", lambda: clock[0])

    def wait(seconds: float) -> None:
        clock[0] += seconds

    pace = Pace(total_steps=20, steps_per_epoch=5, validation_batches=2.0)
    assert pace.estimate_left_s(10) is None
    wait(50)  # whatever went on before
    pace.start()
    for _ in range(5):
        wait(2)
        pace.end_step()
    assert pace.step_s == 2.0
    assert pace.estimate_left_s(15) == pytest.approx(5 * 2 + 1 * 2.0 * 2 * FORWARD_SHARE)
    wait(30)
    pace.end_validation()
    assert pace.estimate_left_s(15) == pytest.approx(5 * 2 + 30)
    assert pace.estimate_left_s(20) == 0
