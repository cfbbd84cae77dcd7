"""What a recipe needs, and whether it is here."""

import pytest

from fracture_core.base.settings import Settings
from fracture_core.training import needs
from fracture_core.training.needs import find_missing
from fracture_core.training.runs.run import TrainingRequest
from tests.tiny_world import make_checkpoint


def test_what_is_missing_is_said(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_missing(TrainingRequest(data=("phantoms",), recipe="quick")) == []
    (teacher,) = find_missing(TrainingRequest(data=("phantoms",), recipe="default"))
    assert "taught by the checkpoint 'efficientnet-lite0'" in teacher
    make_checkpoint(own_settings.checkpoints_dir / "efficientnet-lite0")
    assert find_missing(TrainingRequest(data=("phantoms",), recipe="default")) == []
    monkeypatch.setattr(needs, "find_spec", lambda name: None)
    (package,) = find_missing(TrainingRequest(data=("phantoms",), recipe="pretrained"))
    assert "requirements-pretrained.txt" in package
