"""``checkpoints``: what can be served."""

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from tests.tiny_world import make_checkpoint
from tests.unit.doors.cli.test_cli import read_lines


def test_checkpoints(served: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkpoint(served.checkpoints_dir / "other")
    assert main(["checkpoints", "--json"]) == 0
    assert [line["name"] for line in read_lines(capsys.readouterr().out)] == ["default", "other"]


def test_checkpoints_where_there_is_none(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checkpoints"]) == 0
    assert "Train one" in capsys.readouterr().out
