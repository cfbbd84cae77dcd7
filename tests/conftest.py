"""Settings of a test's own, and the flag that refreshes golden files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run on all cores at once; read when torch is first imported

from fracture_core.base.settings import Settings, get_settings
from tests.schema import upgrade_or_copy


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh-golden"))


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The process's settings, pointed at empty folders of this test; the CPU is used."""
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FRACTURE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("FRACTURE_DEFAULT_CHECKPOINT", "default")
    monkeypatch.setenv("FRACTURE_DEVICE", "cpu")
    monkeypatch.setattr("fracture_core.store.database.upgrade", upgrade_or_copy)
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()
