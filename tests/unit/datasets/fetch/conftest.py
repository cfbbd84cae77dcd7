"""A figshare of this test, and what is left of a download that failed."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.fetch import download as download_module
from fracture_core.datasets.fetch.fetch import fetch_dataset
from fracture_core.datasets.sources import list_datasets
from tests.unit.datasets.fetch.figshare_server import FakeFigshare, serve_figshare
from tests.unit.datasets.folders import FRACATLAS_HEADER

ROWS = ["IMG0000001.jpg,1,0,0,0,0,0,0,1,1,1,0,0", "IMG0000002.jpg,1,0,0,0,0,0,0,0,0,1,0,0"]


def pack_fracatlas(padding_bytes: int = 1_000_000) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("FracAtlas/dataset.csv", "\n".join([FRACATLAS_HEADER, *ROWS]))
        archive.writestr("FracAtlas/images/Fractured/IMG0000001.jpg", bytes(padding_bytes))
        archive.writestr("FracAtlas/images/Non_fractured/IMG0000002.jpg", b"x")
    return buffer.getvalue()


@pytest.fixture
def figshare(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFigshare]:
    monkeypatch.setattr(download_module, "FIRST_WAIT_S", 0.001)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve_figshare(pack_fracatlas()) as served:
        monkeypatch.setenv("FRACTURE_FIGSHARE_URL", f"{served.url}/v2/")
        monkeypatch.setenv("FRACTURE_DOWNLOAD_TIMEOUT_S", "5")
        monkeypatch.setenv("FRACTURE_DOWNLOAD_RETRIES", "2")
        get_settings.cache_clear()
        yield served


def fetch_failing(match: str) -> DatasetError:
    """Fetch, expect an error with a remedy, and no trace of a data set."""
    with pytest.raises(DatasetError, match=match) as caught:
        fetch_dataset("fracatlas")
    assert caught.value.remedy
    assert list_datasets() == ["phantoms"]
    return caught.value


def find_partial(settings: Settings) -> Path:
    (partial,) = (settings.data_dir / ".downloads" / "FracAtlas").glob("*.zip")
    return partial
