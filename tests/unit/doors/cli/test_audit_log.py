"""The command ``audit-log``."""

import json

import pytest
from sqlalchemy import text

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.store.audit_log.append import log_action
from fracture_core.store.database import writing_session


@pytest.fixture(autouse=True)
def log(own_settings: Settings) -> None:
    for number in range(3):
        log_action("export", f"view {number}", who="Ada" if number else "")


def test_verify_prints_an_end_that_can_be_expected_later(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-log", "verify"]) == 0
    said = capsys.readouterr().out
    assert "3 entries" in said
    end = said.split()[-1]
    assert main(["audit-log", "verify", "--expect", end]) == 0
    assert main(["audit-log", "verify", "--expect", f"2:{'a' * 64}", "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["broken"] == 2


def test_verify_names_the_first_broken_entry(capsys: pytest.CaptureFixture[str]) -> None:
    with writing_session() as session:
        session.execute(text("UPDATE audit_log SET subject = 'another' WHERE number = 2"))
    assert main(["audit-log", "verify"]) == 1
    assert "broken at entry 2" in capsys.readouterr().err


@pytest.mark.parametrize("expect", ["", "x", "1:abc", "1", f"+1:{'a' * 64}"])
def test_an_end_that_is_none_is_refused(expect: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-log", "verify", "--expect", expect or " "]) == 1
    assert "NUMBER:SHA256" in capsys.readouterr().err


def test_list_shows_the_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-log", "--limit", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "view 2" in lines[0] and "by Ada" in lines[0] and len(lines) == 4
    assert main(["audit-log", "list", "--json", "--before", "2"]) == 0
    assert [json.loads(line)["subject"] for line in capsys.readouterr().out.splitlines()] == ["view 0"]
    assert main(["audit-log", "list", "--about", "promotion"]) == 0
    assert capsys.readouterr().out == ""


def test_list_tells_no_reading_of_a_refused_picture(capsys: pytest.CaptureFixture[str]) -> None:
    details = {"call": "positive", "p_fracture": 0.987}
    log_action("reading", "shown", **details, refusals=[])
    log_action("reading", "refused", **details, refusals=["It shows a chest."])
    for more in ([], ["--json"]):
        assert main(["audit-log", "list", "--limit", "1", *more]) == 0
        said = capsys.readouterr().out
        assert "It shows a chest." in said and "positive" not in said and "0.987" not in said
    assert main(["audit-log", "list", "--before", "5"]) == 0 and "0.987" in capsys.readouterr().out


@pytest.mark.parametrize("details", ["{", "[1]", ""])
def test_details_that_somebody_broke_do_not_hide_the_log(details: str, capsys: pytest.CaptureFixture[str]) -> None:
    with writing_session() as session:
        session.execute(text("UPDATE audit_log SET details = :d WHERE number = 2"), {"d": details})
    for more in ([], ["--json"]):
        assert main(["audit-log", "list", *more]) == 0 and "unreadable" in capsys.readouterr().out


def test_numbers_that_no_entry_has_are_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-log", "list", "--before", "9" * 30, "--limit", "9" * 30]) == 0
    assert "view 2" in capsys.readouterr().out
    assert main(["audit-log", "list", "--before", "-" + "9" * 30]) == 0
