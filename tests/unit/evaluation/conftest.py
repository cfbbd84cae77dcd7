"""What the tests of this folder share."""

import pytest

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from tests.tiny_world import make_checkpoint


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    return make_checkpoint(own_settings.checkpoints_dir / "default")
