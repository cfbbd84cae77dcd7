"""``history``, and what ``predict`` and ``report`` leave in it."""

import csv
import json
from pathlib import Path

import pytest

from fracture_core.base.settings import Settings, get_settings
from fracture_core.doors.cli import main
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import iterate_readings
from fracture_core.reading.history.records import ReadingRecord
from tests.tiny_world import encode_phantom, make_checkpoint
from tests.unit.conftest import LockDatabase


@pytest.fixture
def served(own_settings: Settings) -> Settings:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    return own_settings


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "Doe-Jane.png"
    path.write_bytes(encode_phantom())
    return path


def list_all() -> list[ReadingRecord]:
    return [*iterate_readings(HistoryFilters())]


def test_predict_keeps_each_reading_once(served: Settings, picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (picture.parent / "bad.png").write_bytes(b"no picture")
    assert main(["predict", str(picture), str(picture.parent / "bad.png"), "--json"]) == 1
    [kept] = list_all()
    said = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (kept.source, kept.call, round(kept.p_fracture, 6)) == ("command line", said["call"], said["p_fracture"])
    assert kept.who and kept.name == "" and kept.elapsed_ms > 0
    assert main(["predict", str(picture), "--no-history"]) == 0 and len(list_all()) == 1


def test_report_keeps_its_reading(served: Settings, picture: Path) -> None:
    assert main(["report", str(picture), "--region", "ankle"]) == 0
    [kept] = list_all()
    assert (kept.source, kept.region) == ("command line", "ankle")
    assert main(["report", str(picture), "--no-history"]) == 0 and len(list_all()) == 1


def test_what_is_refused_is_kept_and_told_only_when_overridden(
    served: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = tmp_path / "small.png"
    small.write_bytes(encode_phantom(size_px=24))
    assert main(["predict", str(small)]) == 1
    assert main(["report", str(small)]) == 1 and "--override" in capsys.readouterr().err
    assert main(["report", str(small), "--override", "it is all we have"]) == 0
    assert "it is all we have" in capsys.readouterr().out
    assert main(["predict", str(small), "--override", "it is all we have"]) == 0
    assert [record.is_refused for record in list_all()] == [False, False, True, True]


@pytest.mark.parametrize("command", ["predict", "report"])
def test_a_database_that_cannot_be_used_stops_no_reading(
    served: Settings, picture: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("FRACTURE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    get_settings.cache_clear()
    assert main([command, str(picture), "--model", "default"]) == 0  # the database knows which one is in use
    captured = capsys.readouterr()
    assert "warning:" in captured.err and "not kept in the history" in captured.err and "p = " in captured.out


def test_a_database_that_is_locked_stops_no_reading(
    served: Settings, picture: Path, lock_database: LockDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(picture)]) == 0
    with lock_database():
        assert main(["predict", str(picture)]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("p = ") == 2 and captured.err.count("not kept in the history") == 1
    assert len(list_all()) == 1


def test_readings_are_listed_shown_exported_and_deleted(
    served: Settings, picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["predict", str(picture), str(picture)])
    capsys.readouterr()
    assert main(["history", "--json", "--limit", "1"]) == 0
    captured = capsys.readouterr()
    newest = json.loads(captured.out)
    assert "older ones: --before 2" in captured.err
    assert main(["history", "list", "--before", "2", "--call", newest["call"]]) == 0
    assert newest["id"] not in capsys.readouterr().out
    assert main(["history", "--file", str(picture)]) == 0 and capsys.readouterr().out.count("\n") == 2
    assert main(["history", "show", newest["id"]]) == 0 and newest["sha256"] in capsys.readouterr().out
    table = tmp_path / "out" / "t.csv"
    assert main(["history", "export", "--csv", str(table), "--source", "command line"]) == 0
    assert next(row["id"] for row in csv.DictReader(table.open())) == newest["id"]
    assert main(["history", "delete", newest["id"], "--why", "a test"]) == 0
    assert main(["history", "show", newest["id"]]) == 1 and len(list_all()) == 1
    capsys.readouterr()
    assert main(["history", "prune"]) == 0 and "for good" in capsys.readouterr().out
    assert main(["history", "--call", "perhaps"]) == 1 and "'call' cannot be" in capsys.readouterr().err
    assert main(["audit-log", "verify"]) == 0


def test_prune_removes_what_is_too_old(
    served: Settings, picture: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRACTURE_HISTORY_DAYS", "1")
    get_settings.cache_clear()
    main(["predict", str(picture)])
    assert main(["history", "prune"]) == 0 and "0 readings older than 1 days removed" in capsys.readouterr().out
