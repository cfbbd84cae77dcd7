"""A server killed in the middle of many readings: what was answered is kept, and what is asked again is read once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from fracture_core.base.settings import Settings
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import find_reading, list_readings
from fracture_core.store.audit_log.verify import verify_audit_log
from tests.api_server import start_serve
from tests.tiny_world import encode_phantom, make_checkpoint
from tests.unit.doors.api.conftest import Post

COUNT = 50
ANSWERED_BEFORE = 8  # answers after which the server is killed


@pytest.mark.slow
def test_killed_server_has_kept_what_it_answered_and_nothing_twice(
    either_database: Settings, post: Post, tmp_path: Path
) -> None:
    make_checkpoint(either_database.checkpoints_dir / "default")
    pictures = [encode_phantom(number, size_px=64) for number in range(COUNT)]
    process, url = start_serve({"api_readings": 4}, tmp_path / "first.log")
    answered: dict[int, str] = {}
    enough = threading.Event()

    def ask(number: int) -> None:
        try:
            answer = post(url, pictures[number], key=f"key-{number}")
        except requests.RequestException:
            return
        assert answer.status_code == 201
        answered[number] = answer.json()["id"]
        if len(answered) >= ANSWERED_BEFORE:
            enough.set()

    with ThreadPoolExecutor(COUNT) as pool:
        asked = [pool.submit(ask, number) for number in range(COUNT)]
        assert enough.wait(60)
        process.kill()
        for future in asked:
            future.result()
    process.wait()
    assert ANSWERED_BEFORE <= len(answered) < COUNT
    assert verify_audit_log().holds
    before = {number: find_reading(reading_id).sha256 for number, reading_id in answered.items()}

    process, url = start_serve({}, tmp_path / "second.log")
    try:
        with ThreadPoolExecutor(8) as pool:
            again = list(pool.map(lambda number: post(url, pictures[number], key=f"key-{number}"), range(COUNT)))
    finally:
        process.terminate()
        process.wait(30)
    assert {answer.status_code for answer in again} <= {200, 201}
    told = [answer.json() for answer in again]
    assert {number: told[number]["id"] for number in answered} == answered
    assert {number: told[number]["file_sha256"] for number in answered} == before
    assert all(again[number].status_code == 200 for number in answered)
    kept = list_readings(HistoryFilters(), limit=2 * COUNT).readings
    assert len(kept) == COUNT and {record.id for record in kept} == {each["id"] for each in told}
    assert len({record.sha256 for record in kept}) == COUNT
    assert verify_audit_log().holds and verify_audit_log().count >= COUNT
