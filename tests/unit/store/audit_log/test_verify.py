"""The log broken in every way: each is named at the first entry that does not hold."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fracture_core.base.errors import StoreError
from fracture_core.base.settings import Settings
from fracture_core.store.audit_log.anchor import Anchor, find_anchor_path
from fracture_core.store.audit_log.append import append_audit_entry, log_action
from fracture_core.store.audit_log.entries import AuditEntry
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import AuditLogRow

COUNT = 9


def tamper(*statements: str) -> None:
    """Do what somebody with the database's password could do."""
    with writing_session() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def log(either_database: Settings) -> str:
    """Give a log of nine entries; return its id."""
    for number in range(1, COUNT + 1):
        log_action("export", f"view {number}", who="Dr. Müller", rows=number)
    with reading_session() as session:
        return session.execute(text("SELECT log_id FROM audit_log_head")).scalar_one()


def test_a_whole_log_holds(log: str) -> None:
    found = verify_audit_log()
    assert (found.holds, found.count, found.head.number) == (True, COUNT, COUNT)
    assert verify_audit_log(expected=found.head).holds


def test_no_database_is_an_empty_log(own_settings: Settings) -> None:
    assert verify_audit_log().holds and verify_audit_log().count == 0
    assert verify_audit_log(expected=Anchor(3, "a" * 64)).broken == 1


RENUMBER = "UPDATE audit_log SET number = number - 1 WHERE number > 4"
BREAKS: dict[str, tuple[tuple[str, ...], int]] = {
    "what": (("UPDATE audit_log SET action = 'deletion' WHERE number = 4",), 4),
    "who": (("UPDATE audit_log SET who = 'nobody' WHERE number = 4",), 4),
    "when": (("UPDATE audit_log SET at = '2020-01-01T00:00:00+00:00' WHERE number = 4",), 4),
    "details": (("UPDATE audit_log SET details = '{}' WHERE number = 4",), 4),
    "hash": ((f"UPDATE audit_log SET sha256 = '{'b' * 64}' WHERE number = 4",), 4),
    "link": ((f"UPDATE audit_log SET previous_sha256 = '{'b' * 64}' WHERE number = 4",), 4),
    "one is deleted": (("DELETE FROM audit_log WHERE number = 4",), 4),
    "one gone, the rest moved up": (
        (
            "DELETE FROM audit_log WHERE number = 4",
            *(f"UPDATE audit_log SET number = {n - 1} WHERE number = {n}" for n in range(5, 10)),
        ),
        4,
    ),
    "the first is deleted": (("DELETE FROM audit_log WHERE number = 1",), 1),
    "two are swapped": (
        (
            "UPDATE audit_log SET number = 100 WHERE number = 4",
            "UPDATE audit_log SET number = 4 WHERE number = 5",
            "UPDATE audit_log SET number = 5 WHERE number = 100",
        ),
        4,
    ),
    "cut off": (("DELETE FROM audit_log WHERE number > 6",), 7),
    "all are deleted": (("DELETE FROM audit_log",), 1),
    "the head is deleted": (("DELETE FROM audit_log_head",), 10),
    "one is added without the head": (
        (
            "INSERT INTO audit_log SELECT 10, at, who, action, subject, details, sha256, sha256"
            " FROM audit_log WHERE number = 9",
        ),
        10,
    ),
}


@pytest.mark.parametrize("statements, number", BREAKS.values(), ids=BREAKS.keys())
def test_each_break_is_named(log: str, statements: tuple[str, ...], number: int) -> None:
    tamper(*statements)
    found = verify_audit_log()
    assert (found.holds, found.broken, found.count) == (False, number, number - 1)
    assert found.problem.endswith(".")


def test_cut_off_with_its_head_set_back_shows_in_the_anchor(log: str) -> None:
    tamper(
        "DELETE FROM audit_log WHERE number > 6",
        "UPDATE audit_log_head SET number = 6, sha256 = (SELECT sha256 FROM audit_log WHERE number = 6)",
    )
    assert (verify_audit_log().broken, verify_audit_log().count) == (7, 6)


def test_a_log_written_anew_shows_in_the_anchor(log: str) -> None:
    tamper("DELETE FROM audit_log", f"UPDATE audit_log_head SET number = 0, sha256 = '{'0' * 64}'")
    for number in range(COUNT):
        log_action("export", f"another {number}")
    assert verify_audit_log().broken == COUNT


@pytest.mark.parametrize("kept", [0, 6])
def test_cut_off_and_grown_again_shows(log: str, kept: int) -> None:
    head = f"number = {kept}, sha256 = coalesce((SELECT sha256 FROM audit_log WHERE number = {kept}), '{'0' * 64}')"
    tamper(f"DELETE FROM audit_log WHERE number > {kept}", f"UPDATE audit_log_head SET {head}")
    for number in range(COUNT + 3):
        log_action("export", f"another {number}")
    assert verify_audit_log().broken == COUNT


def test_what_is_added_while_it_is_verified_breaks_nothing(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.store.audit_log import verify as module

    read_head, seen = module._read_head, []

    def read_and_add(session: Session) -> object:
        found = read_head(session)
        seen.append(found)
        if len(seen) <= 2:
            with ThreadPoolExecutor(1) as other:
                other.submit(log_action, "export", "meanwhile").result()
        return found

    monkeypatch.setattr(module, "_read_head", read_and_add)
    assert verify_audit_log().holds and len(seen) == 3
    assert verify_audit_log().count == COUNT + 2


def test_an_entry_put_in_after_the_end_is_named(log: str) -> None:
    with reading_session() as session:
        last = AuditEntry(**session.execute(text("SELECT * FROM audit_log WHERE number = 9")).one()._mapping)
    forged = replace(last, number=10, previous_sha256=last.sha256)
    with writing_session() as session:
        session.add(AuditLogRow(**vars(forged) | {"sha256": forged.compute_sha256()}))
    assert verify_audit_log().broken == 10


def test_an_entry_written_down_elsewhere_finds_what_anchor_and_database_hide(log: str) -> None:
    written_down = verify_audit_log().head
    tamper(
        "DELETE FROM audit_log WHERE number > 6",
        "UPDATE audit_log_head SET number = 6, sha256 = (SELECT sha256 FROM audit_log WHERE number = 6)",
    )
    find_anchor_path(log).unlink()
    assert verify_audit_log().holds
    assert verify_audit_log(expected=written_down).broken == 7


def test_a_damaged_anchor_is_said_and_not_written_over(log: str) -> None:
    find_anchor_path(log).write_text("{")
    log_action("export", "one more")
    assert "anchor" in verify_audit_log().problem


def test_what_is_rolled_back_leaves_no_entry(log: str) -> None:
    with pytest.raises(ZeroDivisionError), writing_session() as session:
        append_audit_entry(session, "export", "never")
        raise ZeroDivisionError
    assert verify_audit_log().holds and verify_audit_log().count == COUNT


def test_without_its_head_nothing_can_be_added(log: str) -> None:
    tamper("DELETE FROM audit_log_head")
    with pytest.raises(StoreError, match="head"):
        log_action("export", "more")


def test_text_that_databases_refuse_is_kept_as_far_as_can_be(either_database: Settings) -> None:
    log_action("export", "a\0b\ud800" + "x" * 900, who="y" * 300, note="\0")
    assert verify_audit_log().holds and verify_audit_log().count == 1


def test_the_anchor_never_goes_back(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.store.audit_log.anchor import read_anchor, write_anchor

    write_anchor(log, Anchor(2, "c" * 64))
    assert read_anchor(log) == verify_audit_log().head


def test_a_disk_that_refuses_the_anchor_loses_no_entry(log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fracture_core.store.audit_log.append.write_anchor", refuse)
    log_action("export", "one more")
    assert verify_audit_log().holds and verify_audit_log().count == COUNT + 1
