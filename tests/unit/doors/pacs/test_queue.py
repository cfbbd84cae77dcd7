"""The queue of what came by DICOM, on both databases: adopted once, tried ever later, given up, tried again."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from fracture_core.base.errors import PacsError
from fracture_core.base.settings import Settings
from fracture_core.doors.pacs import queue, spool
from fracture_core.store.database import writing_session
from fracture_core.store.tables import PacsObjectRow
from tests.unit.doors.pacs.conftest import draw_study

DATA = draw_study().files[0]


def keep(name: str) -> str:
    object_id = name * 32
    spool.keep_received(object_id, DATA)
    queue.adopt()
    return object_id


def make_due(**values: object) -> None:
    with writing_session() as session:
        session.execute(update(PacsObjectRow).values(next_try_at=datetime.now(UTC), **values))


def list_files() -> list[str]:
    return sorted(path.name for path in spool.find_spool().iterdir())


def test_what_is_in_the_spool_gets_one_row(either_database: Settings) -> None:
    first = keep("a")
    queue.adopt()
    (found,) = queue.list_objects()
    assert (found.id, found.status, found.tries, found.peer) == (first, "received", 0, "")
    assert queue.count_objects() == {"received": 1} and queue.find_object("aaa") == found
    for text in ("", "b", "%", "a' OR 1", "a" * 33):
        with pytest.raises(PacsError, match="no such object"):
            queue.find_object(text)


def test_a_try_is_counted_before_it_is_made_and_comes_ever_later(either_database: Settings) -> None:
    keep("a")
    waits = []
    for tries in range(1, 14):
        make_due()
        taken = queue.take_next()
        assert taken is not None and taken.tries == tries and queue.take_next() is None
        waits.append(round((taken.next_try_at - taken.updated_at).total_seconds()))
    assert waits[:4] == [5, 10, 20, 40] and waits[-1] == 900


def test_a_step_forward_starts_anew_and_a_step_that_fails_waits(either_database: Settings) -> None:
    object_id = keep("a")
    queue.take_next()
    queue.mark(object_id, "received", "no model")
    assert queue.take_next() is None and queue.list_objects()[0].reason == "no model"
    queue.mark(object_id, "read", reading_id="r" * 32)
    assert queue.take_next(deliver=False) is None
    taken = queue.take_next()
    assert taken is not None and (taken.status, taken.tries, taken.reason, taken.reading_id) == (
        "read",
        1,
        "",
        "r" * 32,
    )


def test_a_result_is_delivered_before_the_next_object_is_read(either_database: Settings) -> None:
    keep("a"), keep("b"), keep("c")
    queue.mark("b" * 32, "read", reading_id="r" * 32)
    assert [(queue.take_next() or queue.list_objects()[0]).id[0] for _ in range(3)] == ["b", "a", "c"]


def test_what_comes_again_is_read_again_only_once_it_is_done(either_database: Settings) -> None:
    object_id = keep("a")
    queue.mark(object_id, "read", reading_id="r" * 32)
    keep("a")
    assert queue.list_objects()[0].status == "read"
    queue.mark_sent(object_id, "ARCHIVE")
    assert list_files() == []
    keep("a")
    assert (found := queue.list_objects()[0]).status == "received" and found.tries == 0
    queue.mark(object_id, "failed", "cut short")
    queue.adopt()
    assert queue.list_objects()[0].status == "failed" and list_files() == [f"{object_id}.dcm"]
    keep("a")
    assert queue.list_objects()[0].status == "received"


def test_files_of_what_is_done_go_even_if_its_process_was_killed(either_database: Settings) -> None:
    object_id = keep("a")
    make_due(status="sent")
    queue.adopt()
    assert list_files() == [] and queue.find_object(object_id).status == "sent"


def test_a_half_written_file_is_nothing(own_settings: Settings) -> None:
    folder = spool.find_spool()
    (folder / f".{'a' * 32}.dcm.xyz.partial").write_bytes(DATA[:100])
    queue.adopt()
    assert queue.list_objects() == []
    spool.clean()
    assert list_files() == []


def test_a_damaged_file_keeps_no_other_from_being_read(either_database: Settings) -> None:
    for name, data in (("a", b""), ("b", b"damaged"), ("c", DATA)):
        spool.keep_received(name * 32, data)
    queue.adopt()
    assert queue.count_objects() == {"received": 3}


def test_what_is_too_old_is_given_up_and_removed(either_database: Settings) -> None:
    for name, status in (("a", "read"), ("b", "refused"), ("c", "received")):
        object_id = keep(name)
        queue.mark(object_id, status)  # type: ignore[arg-type]
    make_due(tries=1)
    spool.keep_results("a" * 32, (b"1", b"2"))
    old = datetime.now(UTC) - timedelta(days=either_database.worklist_days + 1)
    for name in "ab":
        path: Path = spool.find_spool() / f"{name * 32}.dcm"
        os.utime(path, (old.timestamp(), old.timestamp()))
        make_due_at(name * 32, datetime.fromtimestamp(path.stat().st_mtime_ns // 1000 / 1e6, UTC))
    queue.expire()
    assert list_files() == [f"{'c' * 32}.dcm"]
    assert {each.id[0]: each.status for each in queue.list_objects()} == {
        "a": "failed",
        "b": "refused",
        "c": "received",
    }
    with pytest.raises(PacsError, match="not here any more"):
        queue.retry("a" * 32)


def test_what_came_before_a_long_time_without_a_service_is_still_read(either_database: Settings) -> None:
    old = (datetime.now(UTC) - timedelta(days=either_database.worklist_days + 1)).timestamp()
    keep("a")
    spool.keep_received("b" * 32, DATA)  # nobody made a row of it yet
    for name in "ab":
        os.utime(spool.find_spool() / f"{name * 32}.dcm", (old, old))
    queue.expire()
    queue.adopt()
    queue.expire()
    assert len(list_files()) == 2 and queue.count_objects() == {"received": 2}
    assert {(queue.take_next() or queue.list_objects()[0]).id[0] for _ in range(2)} == {"a", "b"}


def test_what_lies_in_the_spool_of_another_machine_is_left_to_it(
    either_database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep("a")
    with monkeypatch.context() as other_machine:
        other_machine.setattr(spool, "find_spool", lambda: tmp_path)
        assert queue.take_next() is None
    taken = queue.take_next()
    assert taken is not None and (taken.id[0], taken.tries) == ("a", 1)


def test_results_that_a_killed_process_left_are_removed(own_settings: Settings) -> None:
    keep("a")
    for name in "ab":
        spool.keep_results(name * 32, (b"1", b"2"))
    spool.clean()
    assert list_files() == [f"{'a' * 32}.{suffix}" for suffix in ("dcm", "sc", "sr")]


def make_due_at(object_id: str, at: datetime) -> None:
    with writing_session() as session:
        session.execute(update(PacsObjectRow).where(PacsObjectRow.id == object_id).values(received_at=at))


def test_a_retry_is_due_at_once(either_database: Settings) -> None:
    object_id = keep("a")
    queue.take_next()
    queue.mark(object_id, "failed", "cut short")
    assert queue.take_next() is None
    queue.retry("aaaa")
    taken = queue.take_next()
    assert taken is not None and (taken.status, taken.tries) == ("received", 1)
