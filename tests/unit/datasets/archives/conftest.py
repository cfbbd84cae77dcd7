"""Zips of a few files, written entry by entry."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

CLASSES = {"fractured/1.png": b"one", "normal/2.png": b"two"}


ZipInfo = zipfile.ZipInfo


@pytest.fixture
def write_zip(tmp_path: Path) -> Callable[..., Path]:
    def write(
        files: Mapping[str | ZipInfo, bytes], name: str = "ours.zip", packing: int = zipfile.ZIP_DEFLATED
    ) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", packing) as archive:
            for entry, content in files.items():
                archive.writestr(entry, content)
        return tmp_path / name

    return write
