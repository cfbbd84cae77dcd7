"""Pages run in this process by Streamlit's AppTest, on folders of their own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fracture_core.base.settings import PROJECT_DIR, get_settings
from tests.tiny_world import make_checkpoint, write_dataset

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a checkpoint and a data set that no test changes."""
    directory = tmp_path_factory.mktemp("pages")
    make_checkpoint(directory / "checkpoints" / "tiny")
    write_dataset(directory / "data" / "drawn")
    return directory


@pytest.fixture(autouse=True)
def folders(shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the settings at folders of the test; each has its own state."""
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(shared_dir / "checkpoints"))
    monkeypatch.setenv("FRACTURE_DATA_DIR", str(shared_dir / "data"))
    monkeypatch.setenv("FRACTURE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("FRACTURE_DEVICE", "cpu")
    get_settings.cache_clear()
    st.cache_resource.clear()  # what was found on another test's machine is not here
    yield tmp_path
    get_settings.cache_clear()


@pytest.fixture
def own_checkpoints(shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the checkpoints that a test may change."""
    directory = tmp_path / "checkpoints"
    shutil.copytree(shared_dir / "checkpoints", directory)
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(directory))
    get_settings.cache_clear()
    return directory


@pytest.fixture
def no_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has no model yet."""
    monkeypatch.setenv("FRACTURE_CHECKPOINTS_DIR", str(tmp_path / "none"))
    get_settings.cache_clear()


@pytest.fixture
def open_page() -> Open:
    """Run one page on its own, as Streamlit does for its address on a fresh server."""

    def open_it(path: str, **query: str) -> AppTest:
        page = AppTest.from_file(str(PROJECT_DIR / path), default_timeout=60)
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()

    return open_it


def read_text(page: AppTest) -> str:
    """Return all text of the page's main part."""
    kinds = (
        page.markdown,
        page.html,
        page.subheader,
        page.header,
        page.title,
        page.caption,
        page.error,
        page.info,
        page.warning,
    )
    parts = []
    for kind in kinds:
        for element in kind:
            value = getattr(element, "value", None)
            parts.append(str(value if value is not None else getattr(element, "body", "")))
    return "\n".join(parts)
