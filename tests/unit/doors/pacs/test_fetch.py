"""Objects that come are checked, and bounded."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread, uid

from fracture_core.base.errors import PacsError
from fracture_core.doors.pacs.fetch import fetch_study
from tests.sample_files import build_dicom, draw_bone
from tests.unit.doors.pacs.conftest import SetUp
from tests.unit.doors.pacs.fake_server import run_fake
from tests.unit.doors.pacs.test_dicomweb import STUDY


def list_one(data: bytes, body: bytes, kind: str = 'multipart/related; type="application/dicom"; boundary="cut"'):
    """Return a server's answers: a list of one object, and then ``body`` for the object itself."""
    header = dcmread(BytesIO(data), stop_before_pixels=True)
    tags = {
        "00080016": header.SOPClassUID,
        "00080018": header.SOPInstanceUID,
        "0020000D": STUDY,
        "0020000E": header.SeriesInstanceUID,
    }
    listed = [{tag: {"vr": "UI", "Value": [value]} for tag, value in tags.items()}]

    def respond(request) -> tuple[int, str, bytes]:
        if "?" in request.path:
            return 200, "application/dicom+json", json.dumps(listed).encode()
        return 200, kind, body

    return respond


def in_parts(data: bytes) -> bytes:
    return b"\r\n--cut\r\nContent-Type: application/dicom\r\n\r\n" + data + b"\r\n--cut--"


@pytest.mark.parametrize("fault", ["cut", "text", "html", "other", "nothing", "large"])
def test_a_broken_object_is_told_and_not_kept(set_up: SetUp, tmp_path: Path, fault: str) -> None:
    data = build_dicom(draw_bone(), StudyInstanceUID=STUDY, SeriesInstanceUID="1.2.3.4.5", SOPInstanceUID="1.2.3.4.5.6")
    other = build_dicom(
        draw_bone(), StudyInstanceUID="9.9", SeriesInstanceUID="1.2.3.4.5", SOPInstanceUID="1.2.3.4.5.6"
    )
    body = {
        "cut": in_parts(data)[:200],
        "text": b"sorry",
        "html": b"<html>",
        "other": in_parts(other),
        "nothing": in_parts(b""),
        "large": in_parts(data + b"\0" * 40_000_000),
    }[fault]
    kind = ("text/html",) if fault == "html" else ()
    with run_fake(list_one(data, in_parts(data))) as url:
        set_up(pacs_url=url, max_file_bytes=1_000_000)
        (good,) = fetch_study(STUDY, tmp_path).files
        assert good.path.read_bytes() == data
        good.path.unlink()
    words = {"cut": "another object", "other": "another object", "large": "more than"}.get(fault, "not DICOMweb")
    with run_fake(list_one(data, body, *kind)) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match=words):
            fetch_study(STUDY, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("is_multipart", [True, False])
def test_an_object_that_would_unpack_to_gigabytes_is_not_unpacked(
    set_up: SetUp, tmp_path: Path, is_multipart: bool
) -> None:
    data = build_dicom(draw_bone(), StudyInstanceUID=STUDY, SeriesInstanceUID="1.2.3.4.5", SOPInstanceUID="1.2.3.4.5.6")
    dataset = dcmread(BytesIO(data))
    dataset.PixelData = bytes(200_000_000)
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    dataset.save_as(stream := BytesIO(), enforce_file_format=True)
    bomb, kind = stream.getvalue(), () if is_multipart else ("application/dicom",)
    assert len(bomb) < 1_000_000
    with run_fake(list_one(data, in_parts(bomb) if is_multipart else bomb, *kind)) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match="deflated"):
            fetch_study(STUDY, tmp_path)
