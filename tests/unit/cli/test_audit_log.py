"""The command ``audit-log``."""

import json

import pytest
from sqlalchemy import text

from fracture_core.audit_log.append import log_action
from fracture_core.cli import main
from fracture_core.settings import Settings
from fracture_core.store.database import writing


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
    with writing() as session:
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
