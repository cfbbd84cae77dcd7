"""``app`` starts Streamlit, with whatever further options it is given; no other command takes such."""

import os
import sys

import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.doors.cli import main


def test_app_hands_further_options_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def take_over(_path: str, command: list[str]) -> None:
        started.append(command)
        raise SystemExit  # exec does not come back

    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(os, "execv", take_over)
    with pytest.raises(SystemExit):
        main(["app", "--server.port", "8600", "--server.baseUrlPath=x"])
    start = [sys.executable, "-m", "streamlit", "run", str(PROJECT_DIR / "streamlit_app.py")]
    assert started == [[*start, "--server.port", "8600", "--server.baseUrlPath=x"]]


def test_other_commands_refuse_further_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["predict", "x.png", "--server.port", "8600"])
    assert "unrecognized arguments: --server.port" in capsys.readouterr().err
