"""Studies found, fetched and answered, with a real archive; and what is said where the archive misbehaves."""

import json
import logging
import socket
import time
from datetime import date
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread, uid
from pydicom.uid import generate_uid

from fracture_core.base.errors import PacsError
from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from fracture_core.doors.pacs.fetch import fetch_study
from fracture_core.doors.pacs.find import StudyFilters, check_access, find_studies
from fracture_core.doors.pacs.pull import pull_study
from fracture_core.doors.pacs.push import push_objects
from fracture_core.doors.pacs.push_worklist import push_worklist
from fracture_core.doors.pacs.results import make_results
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.loaded import get_predictor
from fracture_core.records.worklist.places import find_kept
from fracture_core.records.worklist.read import read_items, read_worklist
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.records.worklist.studies import build_studies
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow, ReadingRow
from tests.orthanc import Orthanc
from tests.report_world import make_report
from tests.sample_files import LOSSLESS_SYNTAXES, build_compressed, build_dicom, draw_bone
from tests.unit.doors.pacs.conftest import SetUp, draw_study
from tests.unit.doors.pacs.fake_server import run_fake

STUDY = "1.2.3.4"


def test_a_study_is_found_by_each_of_its_numbers(orthanc: Orthanc) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    for filters in (
        StudyFilters(study_uid=f" {study.uid} "),
        StudyFilters(accession_number=study.accession_number, modality="cr"),
        StudyFilters(patient_id=f"P{study.accession_number}", date_from=date(1970, 1, 1), date_to=date(1970, 2, 1)),
    ):
        (found,) = find_studies(filters)
        assert (found.uid, found.accession_number, found.on) == (study.uid, study.accession_number, date(1970, 1, 31))
        assert (found.modalities, found.objects, found.description) == (("CR",), 2, "Forearm")
        assert found.patient_name == "DOE JANE"
    assert find_studies(StudyFilters(study_uid=study.uid, modality="DX")) == []
    assert find_studies(StudyFilters(study_uid=study.uid, date_from=date(1970, 2, 1))) == []


@pytest.mark.parametrize(
    "filters",
    [
        StudyFilters(),
        StudyFilters(modality="CR"),
        StudyFilters(patient_id="*"),
        StudyFilters(accession_number="A?"),
        StudyFilters(patient_id="x" * 65),
        StudyFilters(study_uid="1.2/../../studies"),
        StudyFilters(date_from=date(2026, 2, 1), date_to=date(2026, 1, 1)),
    ],
)
def test_a_search_for_everything_or_nothing_is_refused(set_up: SetUp, filters: StudyFilters) -> None:
    set_up(pacs_url="http://127.0.0.1:1")  # nobody is asked
    with pytest.raises(PacsError, match=r"searched|whole|UID|first day"):
        find_studies(filters)


def test_a_study_becomes_a_worklist_with_its_files_as_they_are(orthanc: Orthanc, checkpoint: Checkpoint) -> None:
    study = draw_study(2)
    document = build_dicom(
        None,
        SOPClassUID=uid.BasicTextSRStorage,
        StudyInstanceUID=study.uid,
        SeriesInstanceUID=generate_uid(),
        SOPInstanceUID=generate_uid(),
        Modality="SR",
    )
    for data in (*study.files, document):
        orthanc.store(data)
    told = []
    pulled = pull_study(study.uid, checkpoint, tell=lambda done, total: told.append((done, total)))
    assert (pulled.radiographs, dict(pulled.left_out), told) == (2, {"Basic Text SR": 1}, [(1, 2), (2, 2)])
    kept = sorted(find_kept(pulled.worklist_id).iterdir())
    assert [path.read_bytes() for path in kept] == list(study.files)
    assert read_worklist_files(pulled.worklist_id, get_predictor)
    worklist, items = read_worklist(pulled.worklist_id), read_items(pulled.worklist_id)
    assert (worklist.source, worklist.left_out, [item.name for item in items]) == ("PACS", 1, ["CR-1.dcm", "CR-2.dcm"])
    assert [item.status for item in items] == ["done", "done"] and len(build_studies(items)) == 1
    with reading_session() as session:
        assert {row.source for row in session.query(ReadingRow)} == {"PACS"}
    everything = repr((worklist, items, [path.name for path in kept]))
    assert not any(secret in everything for secret in (study.uid, study.accession_number, "DOE"))


def test_every_encoding_comes_as_it_is_stored(orthanc: Orthanc, tmp_path: Path) -> None:
    study, series = generate_uid(), generate_uid()
    stored = {}
    for number, syntax in enumerate(LOSSLESS_SYNTAXES, 1):
        data = build_compressed(
            syntax,
            draw_bone(),
            StudyInstanceUID=study,
            SeriesInstanceUID=series,
            SOPInstanceUID=generate_uid(),
            InstanceNumber=number,
        )
        stored[syntax] = data
        orthanc.store(data)
    fetched = fetch_study(study, tmp_path)
    assert [file.path.read_bytes() for file in fetched.files] == list(stored.values())


def test_what_cannot_be_read_makes_no_worklist(orthanc: Orthanc, checkpoint: Checkpoint, set_up: SetUp) -> None:
    with pytest.raises(PacsError, match="no object of this study"):
        pull_study(generate_uid(), checkpoint)
    scan = draw_study(3, SOPClassUID=uid.CTImageStorage, Modality="CT")
    views = draw_study(3)
    for data in (*scan.files, *views.files):
        orthanc.store(data)
    with pytest.raises(PacsError, match="only 3 x CT Image"):
        pull_study(scan.uid, checkpoint)
    set_up(max_worklist_files=2)
    with pytest.raises(PacsError, match="3 radiographs; at most 2"):
        pull_study(views.uid, checkpoint)
    home = set_up(max_worklist_files=9, max_file_bytes=10_000).state_dir / "worklists"
    with pytest.raises(PacsError, match="larger than is taken"):
        pull_study(views.uid, checkpoint)
    assert not list(home.glob("*"))


def test_results_sent_twice_are_there_once(orthanc: Orthanc, checkpoint: Checkpoint) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    pulled = pull_study(study.uid, checkpoint)
    with pytest.raises(PacsError, match="nothing to send"):
        push_worklist(pulled.worklist_id)
    read_worklist_files(pulled.worklist_id, get_predictor)
    assert push_worklist(pulled.worklist_id, [2], who="Ada") == 1
    assert push_worklist(pulled.worklist_id, who="Ada") == 2
    there = [tags for tags in orthanc.list_objects().values() if tags["StudyInstanceUID"] == study.uid]
    assert sorted(tags["Modality"] for tags in there) == ["CR", "CR", "OT", "OT", "SR", "SR"]
    assert {tags["PatientID"] for tags in there} == {f"P{study.accession_number}"}
    with reading_session() as session:
        told = [(row.who, row.details) for row in session.query(AuditLogRow).filter_by(action="push")]
    assert len(told) == 3 and told[0] == ("Ada", '{"objects": 2, "to": "PACS"}')


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


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (200, "text/html", b"<html>Please log in</html>", "not DICOMweb"),
        (200, "application/dicom+json", b'[{"0020000D": {"vr": "UI"', "not DICOMweb"),
        (200, "application/dicom+json", b'["DOE^JANE"]', "not DICOMweb"),
        (403, "text/plain", b"no", "HTTP 403"),
        (500, "text/plain", b"DOE^JANE", "fault of its own"),
        (503, "text/plain", b"later", "busy"),
        (400, "text/plain", b"no", "refuses what was asked"),
    ],
)
def test_odd_answers_are_told_without_what_they_quote(
    set_up: SetUp, status: int, kind: str, body: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with run_fake(lambda _: (status, kind, body)) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match=words) as caught:
            find_studies(StudyFilters(patient_id="PID-4711"))
    said = f"{caught.value} {caught.value.__cause__} {caplog.text}"
    assert "PID-4711" not in said and "DOE" not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_study_with_an_odd_uid_hides_no_other(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    answer = [{"0020000D": {"vr": "UI", "Value": [each]}} for each in ("1.2.03", "x\x1b[2J/../y", "1.2.3")] + [{}]
    with run_fake(lambda _: (200, "application/dicom+json", json.dumps(answer).encode())) as url:
        set_up(pacs_url=url)
        found = find_studies(StudyFilters(patient_id="P1"))
        assert main(["pacs", "find", "--patient", "P1"]) == 0
        assert [each.uid for each in found] == ["1.2.03", "x\x1b[2J/../y", "1.2.3", ""]
        for odd in (found[0], found[1], found[3]):
            with pytest.raises(PacsError, match="no Study Instance UID"):
                fetch_study(odd.uid, get_settings().state_dir)
    assert "1.2.3 " in (printed := capsys.readouterr().out) and "\x1b" not in printed


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


@pytest.mark.parametrize("status", [200, 202, 409])
@pytest.mark.parametrize(
    ("reason", "words"), [(0xA700, "no room"), (0x0122, "of this kind"), (0xC123, "understand"), (0x9999, "code 9999")]
)
def test_what_the_archive_did_not_take_is_told(set_up: SetUp, status: int, reason: int, words: str) -> None:
    data = build_dicom(draw_bone())
    refused = dcmread(BytesIO(data)).SOPInstanceUID
    answer = {
        "00081198": {
            "vr": "SQ",
            "Value": [
                {
                    "00081155": {"vr": "UI", "Value": [refused]},
                    "00081197": {"vr": "US", "Value": [reason]},
                }
            ],
        }
    }
    with run_fake(lambda _: (status, "application/dicom+json", json.dumps(answer).encode())) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match=f"did not take 1 of 1 objects: .*{words}"):
            push_objects([data])


def test_an_object_that_is_there_already_is_no_failure(set_up: SetUp) -> None:
    data = build_dicom(draw_bone())
    item = {"00081155": {"vr": "UI", "Value": [dcmread(BytesIO(data)).SOPInstanceUID]}}
    item["00081197"] = {"vr": "US", "Value": [0x0111]}
    body = json.dumps({"00081198": {"vr": "SQ", "Value": [item]}}).encode()
    with run_fake(lambda _: (409, "application/dicom+json", body)) as url:
        set_up(pacs_url=url)
        push_objects([data])


def test_a_silent_success_is_not_believed(set_up: SetUp) -> None:
    with run_fake(lambda _: (200, "application/dicom+json", b"{}")) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match="did not take 1 of 1 objects: it does not say why"):
            push_objects([build_dicom(draw_bone())])


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


def test_one_reading_makes_one_pair_of_uids_whenever_it_is_made(checkpoint: Checkpoint) -> None:
    data = draw_study().files[0]
    first, again = (make_results(make_report(checkpoint, data), data) for _ in range(2))
    other = make_results(make_report(checkpoint, data, 0.1), data)
    uids = [[dcmread(BytesIO(each)).SOPInstanceUID for each in made] for made in (first, again, other)]
    assert uids[0] == uids[1] and not set(uids[0]) & set(uids[2]) and len(set(uids[0])) == 2
