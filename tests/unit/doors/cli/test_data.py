"""The command ``data``: what is at hand, and fetching it."""

import json

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from tests.tiny_world import write_dataset
from tests.unit.datasets.fetch.conftest import figshare  # noqa: F401
from tests.unit.datasets.fetch.figshare_server import FakeFigshare


def test_list(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(own_settings.data_dir / "ours", count=4)
    (own_settings.data_dir / "notes").mkdir()
    (own_settings.data_dir / "cut.zip").write_bytes(b"PK\x03\x04")
    assert main(["data", "list"]) == 0
    lines = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    assert list(lines) == ["cut", "notes", "ours", "phantoms", "FracAtlas", "paper"]
    assert lines["ours"].startswith("4 images, 2 fractured, 4 groups; class folders; licence: not known; in ")
    assert lines["cut"].startswith("cannot be used: cut.zip is no zip, or is damaged")
    assert lines["notes"].startswith("cannot be used: ") and "holds no images" in lines["notes"]
    assert lines["phantoms"].startswith("drawn on first use")
    assert lines["FracAtlas"] == "not here: python -m fracture_core data fetch fracatlas; licence: CC BY 4.0"
    assert lines["paper"].endswith("fetch kaggle; licence: none stated")
    assert not (own_settings.state_dir / "phantoms").exists()


def test_fetch_then_list(figshare: FakeFigshare, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "fetch", "fracatlas"]) == 0
    captured = capsys.readouterr()
    assert "FracAtlas is ready: 2 images, 1 fractured" in captured.out
    assert "licence: CC BY 4.0 (https://doi.org/" in captured.out and "cite: Abedeen" in captured.out
    assert 'train --data "FracAtlas"' in captured.out
    assert "Downloading FracAtlas.zip: 100%" in captured.err and "Unpacking: 100%" in captured.err
    assert main(["data", "fetch", "fracatlas"]) == 0
    assert "is there already, nothing was fetched" in capsys.readouterr().out
    assert main(["data", "list", "--json"]) == 0
    first, *_ = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["name"], first["state"], first["licence"], first["layout"]) == (
        "FracAtlas",
        "ready",
        "CC BY 4.0",
        "fracatlas",
    )


def test_failed_fetch_is_one_line(figshare: FakeFigshare, capsys: pytest.CaptureFixture[str]) -> None:
    figshare.article_status = 500
    assert main(["data", "fetch", "fracatlas"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: 127.0.0.1") and "Traceback" not in err
    assert main(["data", "fetch", "nothing"]) == 1
    assert "There are: fracatlas, kaggle" in capsys.readouterr().err
