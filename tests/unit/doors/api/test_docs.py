"""What docs/api.md shows is what works: its examples are run, its tables are held to the code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.doors.api.openapi import build_document
from fracture_core.doors.api.request import Fields
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from tests.unit.doors.api.conftest import PHANTOM, Serve

TEXT = (PROJECT_DIR / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8502"


def take_block(language: str, having: str) -> str:
    """Return the one block of a language that holds some words."""
    (found,) = [block for block in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if having in block]
    return found


def run(command: list[str], folder: Path) -> str:
    (folder / "wrist.png").write_bytes(PHANTOM)
    environment = os.environ | {"FRACTURE_API_TOKEN": "secret"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl; on Debian: apt-get install curl")
def test_curl_example_reads(serve: Serve, tmp_path: Path) -> None:
    url = serve(api_token="secret")
    told = json.loads(run(["sh", "-c", take_block("sh", "curl").replace(ADDRESS, url)], tmp_path))
    (record,) = list_readings(HistoryFilters()).readings
    assert (told["id"], told["who"], told["region"]) == (record.id, "Jane Roe", "wrist")


def test_python_example_reads(serve: Serve, tmp_path: Path) -> None:
    url = serve(api_token="secret")
    said = run([sys.executable, "-c", take_block("python", "import requests").replace(ADDRESS, url)], tmp_path)
    (record,) = list_readings(HistoryFilters()).readings
    assert said.startswith(f"{record.call}, p = {record.p_fracture:.2f}, by default {record.model_sha256[:8]}")


def test_every_field_and_path_and_status_is_told() -> None:
    document = build_document()
    for name in Fields.model_fields:
        assert f"| `{name}` |" in TEXT
    for path in document["paths"]:
        assert f" {path}`" in TEXT
    told = set(re.findall(r"\b[45]\d\d\b", TEXT.split("## What goes wrong")[1].split("## Who may ask")[0]))
    statuses = {
        status
        for path in document["paths"].values()
        for operation in path.values()
        for status in operation["responses"]
    }
    assert {status for status in statuses if int(status) >= 400} - {"500"} <= told
