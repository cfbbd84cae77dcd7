"""The command ``serve``: it says where it is, and ends in order."""

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from tests.api_server import start_serve
from tests.sample_files import encode_gray
from tests.tiny_world import make_checkpoint
from tests.unit.doors.api.conftest import Post


@pytest.mark.slow
def test_a_signal_ends_it_after_the_requests_in_hand(own_settings: Settings, post: Post, tmp_path: Path) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    process, url = start_serve({"api_readings": 1}, tmp_path / "log")
    answers: list[requests.Response] = []
    askers = [threading.Thread(target=lambda: answers.append(post(url, encode_gray(8, "PNG")))) for _ in range(6)]
    for asker in askers:
        asker.start()
    while not list_readings(HistoryFilters()).readings:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    for asker in askers:
        asker.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len(list_readings(HistoryFilters()).readings) == 6
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_port_that_is_taken_is_told(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert main(["serve", "--port", "99999"]) == 1
