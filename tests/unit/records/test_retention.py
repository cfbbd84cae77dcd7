"""Readings go when their time is over or when somebody deletes them, with pictures and feedback, whatever is killed."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from fracture_core.base.errors import HistoryError, StoreError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.reading.history import record
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.pictures import find_picture, keep_picture, list_pictures, remove_picture
from fracture_core.reading.history.read import iterate_readings
from fracture_core.reading.history.record import record_all, record_reading
from fracture_core.records import retention
from fracture_core.records.feedback.write import give_feedback
from fracture_core.records.retention import delete_reading, remove_old_readings, sweep_pictures
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import AuditLogRow, FeedbackRow, ReadingRow
from tests.unit.reading.history.test_record import NEW

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def keeping(either_database: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "true")
    monkeypatch.setenv("FRACTURE_HISTORY_DAYS", "30")
    get_settings.cache_clear()
    return get_settings()


def keep_aged(days: int) -> str:
    """Keep a reading of so many days ago, with a picture that is old too; return its id."""
    reading_id = record_reading(NEW).id
    with writing_session() as session:
        session.scalars(select(ReadingRow).where(ReadingRow.id == reading_id)).one().at = NOW - timedelta(days=days)
    make_old(find_picture(reading_id))
    return reading_id


def make_old(path: Path | None) -> None:
    assert path
    hours_ago = time.time() - 2 * 3600
    os.utime(path, (hours_ago, hours_ago))


def list_ids() -> list[str]:
    return [each.id for each in iterate_readings(HistoryFilters())]


def list_actions() -> list[str]:
    with reading_session() as session:
        return [*session.scalars(select(AuditLogRow.action).order_by(AuditLogRow.number))]


def test_what_is_too_old_goes_with_all_that_belongs_to_it(keeping: Settings) -> None:
    old, new = keep_aged(31), keep_aged(29)
    give_feedback(old, who="Ada", agrees=None, label=1)
    assert remove_old_readings(NOW) == 1 and list_ids() == [new]
    assert find_picture(new) and not find_picture(old)
    with reading_session() as session:
        assert session.scalar(select(func.count()).select_from(FeedbackRow)) == 0
        entry = session.scalars(select(AuditLogRow).where(AuditLogRow.action == "retention")).one()
        assert old in entry.details and entry.subject == "1 readings"
    assert remove_old_readings(NOW) == 0 and list_actions().count("retention") == 1 and verify_audit_log().holds


def test_without_a_time_nothing_goes(either_database: Settings) -> None:
    record_reading(NEW)
    assert remove_old_readings(datetime.now(UTC) + timedelta(days=10_000)) == 0 and len(list_ids()) == 1


def test_many_go_block_by_block(keeping: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_BLOCK", 4)
    record_all([NEW] * 11)
    assert remove_old_readings(datetime.now(UTC) + timedelta(days=31), at_most=5) == 8
    assert remove_old_readings(datetime.now(UTC) + timedelta(days=31)) == 3
    assert list_ids() == [] and not [*list_pictures()] and list_actions().count("retention") == 3


def test_two_that_remove_at_once_count_each_reading_once(keeping: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    record_all([NEW] * 3)
    append, is_first, may_go_on = retention.append_audit_entry, threading.Event(), threading.Event()

    def append_later(*args: Any, **kwargs: Any) -> None:
        if not is_first.is_set():
            is_first.set()
            may_go_on.wait(10)
        append(*args, **kwargs)

    monkeypatch.setattr(retention, "append_audit_entry", append_later)
    later = datetime.now(UTC) + timedelta(days=31)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(remove_old_readings, later)
        assert is_first.wait(10)
        other = pool.submit(remove_old_readings, later)
        time.sleep(0.3)  # it has asked for what is too old by now, or waits
        may_go_on.set()
        assert sorted([one.result(), other.result()]) == [0, 3]
    assert list_actions().count("retention") == 1 and verify_audit_log().holds


def test_one_is_deleted_with_who_and_why(keeping: Settings) -> None:
    reading_id = keep_aged(0)
    for who, why in (("", "wrong file"), ("Ada", ""), ("Ada", "x" * 1001)):
        with pytest.raises(HistoryError, match="Say who you are"):
            delete_reading(reading_id, who, why)
    delete_reading(reading_id, "Ada", "wrong file")
    assert list_ids() == [] and not find_picture(reading_id) and list_actions() == ["reading", "deletion"]
    with pytest.raises(HistoryError, match="no such reading"):
        delete_reading(reading_id, "Ada", "again")
    assert verify_audit_log().holds


@pytest.mark.parametrize(
    "remove", [lambda _id: remove_old_readings(NOW), lambda id_: delete_reading(id_, "Ada", "x")], ids=["old", "one"]
)
def test_killed_before_its_picture_went(
    keeping: Settings, monkeypatch: pytest.MonkeyPatch, remove: Callable[[str], object]
) -> None:
    gone, stays = keep_aged(40), keep_aged(1)

    def kill(_reading_id: str) -> None:
        raise KilledError

    with monkeypatch.context() as killed, pytest.raises(KilledError):
        killed.setattr(retention, "remove_picture", kill)
        remove(gone)
    assert list_ids() == [stays] and find_picture(gone)
    assert sweep_pictures() == 1 and not find_picture(gone) and find_picture(stays)


def test_killed_between_picture_and_row(keeping: Settings) -> None:
    record_reading(NEW)
    keep_picture("a" * 32, NEW.radiograph)
    assert sweep_pictures() == 0 and find_picture("a" * 32)  # it may be of a reading that is just being kept
    make_old(find_picture("a" * 32))
    unfinished = keeping.state_dir / "readings" / "aa" / ".x.png.abc.partial"
    unfinished.write_bytes(b"")
    make_old(unfinished)
    assert sweep_pictures() == 2 and not find_picture("a" * 32) and len([*list_pictures()]) == 1


def test_pictures_of_another_database_are_left_alone(keeping: Settings) -> None:
    keep_aged(0)
    (keeping.state_dir / "readings" / "database.txt").write_text("another one")
    keep_picture("a" * 32, NEW.radiograph)
    make_old(find_picture("a" * 32))
    assert sweep_pictures() == 0 and find_picture("a" * 32)


def test_pictures_of_two_databases_are_taken_for_left_over_by_neither(
    keeping: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = keep_aged(0)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("FRACTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
        get_settings.cache_clear()
        second = keep_aged(0)
        assert sweep_pictures() == 0
    get_settings.cache_clear()
    assert sweep_pictures() == 0 and find_picture(first) and find_picture(second)


def test_a_reading_that_is_not_kept_leaves_no_picture(keeping: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The disk is full.", "")

    record_reading(NEW)
    with monkeypatch.context() as broken, pytest.raises(StoreError):
        broken.setattr(record, "append_audit_entries", fail)
        record_reading(NEW)
    assert len([*list_pictures()]) == len(list_ids()) == 1


def test_a_picture_that_cannot_be_kept_costs_no_reading(keeping: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(record, "keep_picture", fail)
    assert not find_picture(record_reading(NEW).id) and len(list_ids()) == 1


def test_pictures_are_kept_only_where_the_settings_say_so(own_settings: Settings) -> None:
    assert not find_picture(record_reading(NEW).id) and not (own_settings.state_dir / "readings").exists()
    for reading_id in ("../../secret", "", "A" * 32):
        assert find_picture(reading_id) is None
        remove_picture(reading_id)


def test_a_picture_is_16_bits_of_what_was_read(keeping: Settings) -> None:
    from PIL import Image

    kept = find_picture(record_reading(NEW).id)
    assert kept
    with Image.open(kept) as picture:
        assert (picture.mode, picture.size, picture.info) == ("I;16", (20, 30), {})
        assert not np.asarray(picture).any()
