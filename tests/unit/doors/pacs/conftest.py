"""A real Orthanc for the session, settings that name it, and drawn studies whose UIDs are new each time."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import generate_uid

from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from tests.orthanc import HOW_TO_INSTALL, PASSWORD, USER, Orthanc, find_free_port, is_installed, run_orthanc
from tests.report_world import make_measured_checkpoint
from tests.sample_files import build_dicom

SetUp = Callable[..., Settings]
SERVICE = "fracture"  # as the archive calls our service


@dataclass(frozen=True)
class Archive:
    """The running Orthanc, and the port on which it looks for our service."""

    orthanc: Orthanc
    service_port: int


@pytest.fixture(scope="session")
def archive() -> Iterator[Archive]:
    if not is_installed():
        pytest.skip(HOW_TO_INSTALL)
    port = find_free_port()
    with run_orthanc({SERVICE: ("FRACTURE", port)}) as orthanc:
        yield Archive(orthanc, port)


@pytest.fixture
def set_up(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """Change settings of this test; a PACS that is busy is soon asked again."""
    monkeypatch.setattr("fracture_core.doors.pacs.client._FIRST_WAIT_MS", 1)

    def change(**values: object) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(f"FRACTURE_{name.upper()}", str(value))
        get_settings.cache_clear()
        return get_settings()

    return change


@pytest.fixture
def orthanc(archive: Archive, set_up: SetUp) -> Orthanc:
    """The archive, named in the settings."""
    found = archive.orthanc
    set_up(
        pacs_url=found.url,
        pacs_user=USER,
        pacs_password=PASSWORD,
        pacs_timeout_s=20,
        dimse_port=archive.service_port,
        dimse_peers='["ARCHIVE", "SENDER", "FRACTURE"]',
        dimse_destination=f"127.0.0.1:{found.dimse_port}:{found.aet}",
    )
    return found


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    make_measured_checkpoint(own_settings.checkpoints_dir / "default")
    return find_checkpoint()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that only it itself signs, with its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl here")
    path = tmp_path / "certificate.pem"
    command = [
        program,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        tmp_path / "key.pem",
        "-out",
        path,
    ]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "key.pem").read_bytes())
    return path


@dataclass(frozen=True)
class DrawnStudy:
    """Drawn radiographs of one study, as files."""

    uid: str
    accession_number: str
    files: tuple[bytes, ...]


def draw_study(views: int = 1, **attributes: object) -> DrawnStudy:
    """Return a study with patient data, of a patient of its own."""
    uid, series = generate_uid(), generate_uid()
    accession = uid[-14:]
    files = []
    for number in range(1, views + 1):
        pixels = np.rint(draw_phantom(number, region="forearm", fractured=True, size_px=96).pixels * 4095).astype(
            np.uint16
        )
        given = {
            "StudyInstanceUID": uid,
            "SeriesInstanceUID": series,
            "SOPInstanceUID": generate_uid(),
            "PatientID": f"P{accession}",
            "AccessionNumber": accession,
            "InstanceNumber": number,
            "BodyPartExamined": "FOREARM",
            "WindowCenter": 2048,
            "WindowWidth": 4096,
            "StudyDescription": "Forearm",
        }
        files.append(build_dicom(pixels, **given | attributes))
    return DrawnStudy(uid, accession, tuple(files))
