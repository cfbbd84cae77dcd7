"""Kaggle, through its own client, there or not."""

import os
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.fetch.fetch import Fetched, fetch_dataset
from tests.tiny_world import write_dataset


class TestKaggle:
    @pytest.fixture
    def install(
        self, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[Callable[[str], str]], None]:
        def put(dataset_download: Callable[[str], str]) -> None:
            module = types.ModuleType("kagglehub")
            module.dataset_download = dataset_download
            monkeypatch.setitem(sys.modules, "kagglehub", module)

        return put

    def test_not_installed(self, own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "kagglehub", None)
        with pytest.raises(DatasetError, match=r"not installed. Install it: pip install -r requirements-data.txt"):
            fetch_dataset("kaggle")

    def test_fetched(self, install, own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("KAGGLEHUB_CACHE", raising=False)
        asked: list[str] = []

        def dataset_download(handle: str) -> str:
            asked.append(handle)
            folder = Path(os.environ["KAGGLEHUB_CACHE"]) / "datasets" / "versions" / "1"
            return str(write_dataset(folder, count=4))

        install(dataset_download)
        fetched: Fetched = fetch_dataset("kaggle")
        assert asked == ["devbatrax/fracture-detection-using-x-ray-images"]
        assert fetched.path == own_settings.data_dir / "paper" and len(fetched.catalog.items) == 4
        assert fetched.provenance.licence == "none stated"
        assert "KAGGLEHUB_CACHE" not in os.environ

    def test_failing_client(self, install) -> None:
        def dataset_download(handle: str) -> str:
            raise ConnectionError("Failed to resolve 'api.kaggle.com'\nmore")

        install(dataset_download)
        with pytest.raises(
            DatasetError, match=r"\(ConnectionError: Failed to resolve 'api.kaggle.com'\). Check the net"
        ):
            fetch_dataset("kaggle")
