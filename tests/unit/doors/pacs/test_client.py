"""An archive that is away, silent, or asks for another password."""

import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from fracture_core.base.errors import PacsError
from fracture_core.doors.pacs.find import StudyFilters, check_access, find_studies
from fracture_core.doors.pacs.push import push_objects
from tests.orthanc import Orthanc
from tests.sample_files import build_dicom, draw_bone
from tests.unit.doors.pacs.conftest import SetUp
from tests.unit.doors.pacs.fake_server import run_fake
from tests.unit.doors.pacs.test_dicomweb import STUDY


def test_a_wrong_password_is_told(orthanc: Orthanc, set_up: SetUp) -> None:
    check_access()
    set_up(pacs_password="wrong")
    with pytest.raises(PacsError, match=r"does not let us in .HTTP 401") as caught:
        find_studies(StudyFilters(study_uid=STUDY))
    assert "pacs_password" in caught.value.remedy and caught.value.__suppress_context__


def test_a_wrong_path_is_told(orthanc: Orthanc, set_up: SetUp) -> None:
    set_up(pacs_url=f"{orthanc.api_url}/nothing-here")
    with pytest.raises(PacsError, match="404"):
        check_access()


def test_nobody_there_is_told(set_up: SetUp) -> None:
    with pytest.raises(PacsError, match="No PACS is named"):
        check_access()
    set_up(pacs_url="http://127.0.0.1:1/dicom-web")
    with pytest.raises(PacsError, match="cannot be reached"):
        check_access()
    set_up(pacs_url="ftp://127.0.0.1/")
    with pytest.raises(PacsError, match="not usable"):
        check_access()
    set_up(pacs_url="https://127.0.0.1:1/", pacs_ca_file="/nowhere/ca.pem")
    with pytest.raises(PacsError, match="pacs_ca_file is not there"):
        check_access()


@pytest.mark.slow
def test_silence_is_not_waited_for_long(set_up: SetUp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        set_up(pacs_url=f"http://127.0.0.1:{silent.getsockname()[1]}/dicom-web", pacs_timeout_s=0.3)
        started_s = time.monotonic()
        with pytest.raises(PacsError, match=r"does not answer within 0.3 s"):
            check_access()
        assert time.monotonic() - started_s < 5


def test_a_certificate_that_nobody_signs_is_told(set_up: SetUp, certificate: Path) -> None:
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with run_fake(lambda _: (200, "application/dicom+json", b"[]"), context) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match="certificate cannot be checked"):
            check_access()
        set_up(pacs_ca_file=certificate)
        check_access()


@pytest.mark.slow
@pytest.mark.parametrize("status", [302, 307])
def test_nothing_goes_to_where_the_archive_leads(set_up: SetUp, status: int) -> None:
    asked = []

    def answer_elsewhere(handler: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        asked.append(handler.path)
        return 200, "application/dicom+json", b"[]"

    with (
        run_fake(answer_elsewhere) as elsewhere,
        run_fake(lambda _: (status, f"text/plain\r\nLocation: {elsewhere}/studies", b"")) as url,
    ):
        set_up(pacs_url=url)
        for ask in (check_access, lambda: push_objects([build_dicom(draw_bone())])):
            with pytest.raises(PacsError, match="another address"):
                ask()
    assert asked == []
