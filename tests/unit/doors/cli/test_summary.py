"""``summary``: the layer table."""

import json

import pytest

from fracture_core.doors.cli import main


def test_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary"]) == 0
    out = capsys.readouterr().out
    assert "1 x 1024 x 14 x 14" in out and "1 x 32 x 56 x 56" in out
    assert main(["summary", "--in-channels", "1", "--input-size", "64", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[-1] == {"name": "classifier", "kind": "Linear", "output_shape": [2], "parameters": 2050}


def test_summary_refuses_a_senseless_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--input-size", "3"]) == 1
    assert "input_size_px" in capsys.readouterr().err
