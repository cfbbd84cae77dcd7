"""A machine with a data set, and a model in use that was tested on it."""

import shutil
from pathlib import Path

import pytest

from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.networks.checkpoints import Checkpoint
from tests.gate_world import divide, make_model, write_drawn


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawn(tmp_path_factory.mktemp("gate") / "drawn")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was decoded and searched for copies once; its files are named by what they were made from."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def machine(own_settings: Settings, drawn: Path, cache: Path) -> Settings:
    shutil.copytree(drawn, own_settings.data_dir / "drawn")
    own_settings.state_dir.mkdir()
    (own_settings.state_dir / "cache").symlink_to(cache)
    return own_settings


@pytest.fixture
def champion(machine: Settings) -> Checkpoint:
    return make_model(machine.checkpoints_dir / "default", seed=1, skill=1.0)


@pytest.fixture
def drawn_sides(machine: Settings) -> dict[str, tuple[str, ...]]:
    return divide(open_dataset("drawn"))
