"""What the tests of this folder share."""

import pytest

from fracture_core.base.settings import Settings
from tests.tiny_world import make_checkpoint


@pytest.fixture
def teacher_name(own_settings: Settings) -> str:
    return make_checkpoint(own_settings.checkpoints_dir / "teacher", seed=3).name
