"""What the tests of this folder share."""

from pathlib import Path

import pytest

from fracture_core.base.settings import Settings
from tests.sample_files import build_dicom, draw_bone
from tests.tiny_world import make_checkpoint


@pytest.fixture
def served(own_settings: Settings) -> Settings:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    return own_settings


NAME = "ZZQUUX^DOE"


UIDS = {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.4"}


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    path = tmp_path / "in.dcm"
    path.write_bytes(build_dicom(draw_bone(), PatientName=NAME, **UIDS))
    return path
