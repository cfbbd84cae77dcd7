"""What ships, and what runs left and does not."""

from pathlib import Path

import pytest

from fracture_core.base.errors import CheckpointNotFoundError
from fracture_core.base.settings import Settings
from fracture_core.doors.documents.write import build_documents
from fracture_core.evaluation.records import Evaluation
from tests.tiny_world import make_checkpoint


def test_what_runs_left_is_not_shipped(own_settings: Settings, shipped: list[Evaluation], tmp_path: Path) -> None:
    make_checkpoint(own_settings.state_dir / "runs" / "20260101-000000-quick-abcd" / "checkpoint")
    assert not any("20260101" in name for name in build_documents(own_settings, tmp_path))


def test_nothing_shipped_is_told(own_settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CheckpointNotFoundError, match="no checkpoint"):
        build_documents(own_settings, tmp_path)
