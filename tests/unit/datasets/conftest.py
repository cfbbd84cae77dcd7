"""Small data sets made of names, and the real ones where they are at hand."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest


@pytest.fixture
def write_files(tmp_path: Path) -> Callable[[Iterable[str]], Path]:
    """Write files by relative name; a catalog reads names and sizes, never contents."""

    def write(names: Iterable[str]) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"not decoded here")
        return tmp_path

    return write


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Return the folder of a real data set, or skip the test."""
    beside_repository = Path(__file__).resolve().parents[4] / "shared" / "data"
    root = Path(os.environ.get("FRACTURE_TEST_DATA", beside_repository))

    def find(name: str) -> Path:
        if not (root / name).is_dir():
            pytest.skip(f"{name} is not in {root}; set FRACTURE_TEST_DATA to the folder that holds it")
        return root / name

    return find
