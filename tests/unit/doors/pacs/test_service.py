"""The DICOM service with a real archive: what it takes, what it refuses, what it sends back, what it keeps."""

import contextlib
import errno
import logging
import os
import queue as queue_of_messages
import shutil
import socket
import stat
import threading
from io import BytesIO
from types import SimpleNamespace

import pytest
from pydicom import dcmread, uid
from pydicom.uid import generate_uid

from fracture_core.base.errors import ObjectRefusedError, PacsError, SettingsError
from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from fracture_core.doors.pacs import queue, spool
from fracture_core.doors.pacs.receiving import Receiver
from fracture_core.doors.pacs.send import Peer, echo
from fracture_core.doors.pacs.service import is_running, serve
from fracture_core.doors.pacs.worker import Worker
from fracture_core.reading.history.record import build_record
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow, ReadingRow
from tests.orthanc import Orthanc, find_free_port
from tests.sample_files import LOSSLESS_SYNTAXES, PATIENT_SECRETS, build_compressed, build_dicom, draw_bone, write_dicom
from tests.unit.doors.pacs.conftest import SERVICE, SetUp, draw_study
from tests.unit.doors.pacs.running import find_results, list_kinds, run_service, send, wait_until, wait_until_empty

pytestmark = pytest.mark.usefixtures("checkpoint")


def read_rows() -> list[ReadingRecord]:
    with reading_session() as session:
        return [build_record(row) for row in session.query(ReadingRow)]


def list_files() -> list[str]:
    return sorted(path.name for path in spool.find_spool().iterdir() if path.name != ".serve.lock")


def test_what_an_archive_sends_comes_back_as_results_in_its_study(
    orthanc: Orthanc, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    study = draw_study()
    (instance,) = [orthanc.store(data) for data in study.files]
    with run_service():
        assert is_running()
        echo(Peer("127.0.0.1", get_settings().dimse_port, "FRACTURE"))
        assert orthanc.send(instance, SERVICE).ok
        (done,) = wait_until("sent")
    results = find_results(orthanc, study.uid)
    report = dcmread(BytesIO(results["SR"]))
    source = dcmread(BytesIO(study.files[0]))
    assert report.PatientID == source.PatientID and report.StudyInstanceUID == study.uid
    referenced = (
        report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    )
    assert referenced.ReferencedSOPInstanceUID == source.SOPInstanceUID
    (row,) = read_rows()
    assert (row.source, row.who, row.id, row.region) == ("PACS", "ARCHIVE", done.reading_id, "forearm")
    assert not is_running() and list_files() == [] and verify_audit_log().holds
    with reading_session() as session:
        (told,) = session.query(AuditLogRow).filter_by(action="push")
        assert (told.subject, told.who) == (row.id, "ARCHIVE") and '"to": "ARCHIVE"' in told.details
    assert not any(secret in caplog.text for secret in (*PATIENT_SECRETS, study.uid, study.accession_number, "DOE"))


def test_sent_once_more_nothing_is_doubled(orthanc: Orthanc) -> None:
    study = draw_study()
    with run_service():
        for _ in range(2):
            assert send(study.files[0]).Status == 0x0000
            wait_until("sent")
        before = orthanc.list_objects()
        assert send(study.files[0]).Status == 0x0000
        wait_until("sent")
    assert len(read_rows()) == 1 and orthanc.list_objects() == before
    assert list_kinds(orthanc, study.uid) == ["OT", "SR"]


@pytest.mark.slow
def test_every_encoding_is_taken_and_read(orthanc: Orthanc) -> None:
    study, series = generate_uid(), generate_uid()
    syntaxes = (*LOSSLESS_SYNTAXES, uid.JPEGBaseline8Bit, uid.JPEG2000)
    with run_service():
        for syntax in syntaxes:
            given = {"StudyInstanceUID": study, "SeriesInstanceUID": series, "SOPInstanceUID": generate_uid()}
            assert send(build_compressed(syntax, **given)).Status == 0x0000, syntax.name
        assert len(wait_until("sent")) == len(syntaxes)
    assert list_kinds(orthanc, study) == ["OT"] * len(syntaxes) + ["SR"] * len(syntaxes)


def test_strangers_are_not_let_in(orthanc: Orthanc) -> None:
    with run_service():
        assert send(draw_study().files[0], calling="STRANGER") is None
        with pytest.raises(PacsError, match="does not accept us"):
            echo(Peer("127.0.0.1", get_settings().dimse_port, "SOMEBODY"))
    assert queue.list_objects() == [] and list_files() == []


@pytest.mark.parametrize(
    ("keyword", "value", "status"),
    [("StudyInstanceUID", "", 0xC000), ("SeriesInstanceUID", "1.2.DOE", 0xC000), ("StudyInstanceUID", None, 0xC000)],
)
def test_what_cannot_be_filed_is_refused(orthanc: Orthanc, keyword: str, value: str | None, status: int) -> None:
    data = build_dicom(draw_bone(), **{"SOPInstanceUID": generate_uid(), keyword: value})
    with run_service():
        answer = send(data)
    assert answer.Status == status and keyword in answer.ErrorComment and list_files() == []


def test_another_object_than_announced_is_refused(orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch) -> None:
    from pynetdicom.dimse_primitives import C_STORE

    monkeypatch.setattr(C_STORE, "AffectedSOPInstanceUID", property(lambda _: "1.2.3", lambda *_: None))
    with run_service():
        assert send(draw_study().files[0]).Status == 0xA900
    assert list_files() == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_what_the_disk_does_not_take_is_not_acknowledged(
    orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    study = draw_study()
    with run_service():
        with monkeypatch.context() as patched:
            patched.setattr(spool, "write_atomically", fail)
            assert send(study.files[0]).Status == 0xA700
        assert list_files() == [] and queue.list_objects() == []
        assert send(study.files[0]).Status == 0x0000  # once there is room again
        wait_until("sent")


@pytest.mark.slow
def test_what_is_too_large_is_broken_off_while_it_comes(orthanc: Orthanc, set_up: SetUp) -> None:
    set_up(max_file_bytes=200_000)
    large = build_dicom(draw_bone(12, 1500, 1500), SOPInstanceUID=generate_uid())
    just_too_large = build_dicom(draw_bone(12, 400, 400), SOPInstanceUID=generate_uid())
    with run_service():
        assert "Status" not in send(large)
        assert send(just_too_large).Status == 0xC001
        assert send(draw_study().files[0]).Status == 0x0000  # others are served all the same
        wait_until("sent")


@pytest.mark.slow
def test_a_refused_picture_is_answered_with_nothing_until_somebody_overrides(
    orthanc: Orthanc, capsys: pytest.CaptureFixture[str]
) -> None:
    study = draw_study(BodyPartExamined="CHEST")
    with run_service():
        assert send(study.files[0]).Status == 0x0000
        (refused,) = wait_until("refused")
        assert refused.reason and list_kinds(orthanc, study.uid) == []
        assert list_files() == [f"{refused.id}.dcm"]
        assert main(["pacs", "status"]) == 0
        assert f"{refused.id[:12]}" in (said := capsys.readouterr().out) and "refused" in said and "runs here" in said
        assert main(["pacs", "retry", refused.id[:12], "--override", "chest wall, wanted", "--who", "Ada"]) == 0
        wait_until("sent")
    assert b"Read all the same by Ada: chest wall, wanted" in find_results(orthanc, study.uid)["SR"]
    assert len(read_rows()) == 1 and list_files() == []
    assert main(["pacs", "retry", refused.id]) == 1
    assert "not here any more" in capsys.readouterr().err


def test_what_is_no_readable_picture_fails_and_stays(orthanc: Orthanc) -> None:
    def cut(dataset) -> None:
        dataset.PixelData = dataset.PixelData[:100]

    with run_service():
        assert send(draw_study().files[0], change=cut).Status == 0x0000
        (failed,) = wait_until("failed")
    assert failed.reason and read_rows() == [] and list_files() == [f"{failed.id}.dcm"]


@pytest.mark.slow
def test_our_own_results_are_not_read_when_they_come_back(orthanc: Orthanc) -> None:
    study = draw_study()
    instance = orthanc.store(study.files[0])
    with run_service():
        assert orthanc.send(instance, SERVICE).ok
        wait_until("sent")
        whole = orthanc.ask(f"instances/{instance}/study")["ID"]
        assert orthanc.send(whole, SERVICE).ok
        wait_until_empty()
        assert sorted(each.status for each in wait_until("sent", "left out")) == ["left out", "left out", "sent"]
    assert len(read_rows()) == 1 and list_files() == [] and list_kinds(orthanc, study.uid) == ["CR", "OT", "SR"]


def test_an_sr_of_others_is_not_taken(orthanc: Orthanc) -> None:
    data = build_dicom(None, SOPClassUID=uid.ComprehensiveSRStorage, SOPInstanceUID=generate_uid(), Modality="SR")
    with run_service():
        answer = send(data)
    assert answer.Status == 0x0122 and list_files() == []


@pytest.mark.slow
def test_results_wait_for_a_destination_that_is_away(orthanc: Orthanc, set_up: SetUp) -> None:
    study = draw_study()
    there = get_settings().dimse_destination
    set_up(dimse_destination=f"127.0.0.1:{find_free_port()}:ARCHIVE")
    with run_service():
        send(study.files[0])
        while not (waiting := queue.list_objects()) or not waiting[0].reason:
            pass
    assert waiting[0].status == "read" and "cannot be reached" in waiting[0].reason
    assert len(list_files()) == 3 and list_kinds(orthanc, study.uid) == []
    set_up(dimse_destination=there)
    queue.retry(waiting[0].id)
    with run_service():
        wait_until("sent")
    assert list_kinds(orthanc, study.uid) == ["OT", "SR"] and len(read_rows()) == 1 and list_files() == []


def test_results_go_by_stow_where_the_destination_is_the_archive_s_address(orthanc: Orthanc, set_up: SetUp) -> None:
    study = draw_study()
    set_up(dimse_destination=orthanc.url)
    with run_service():
        send(study.files[0])
        wait_until("sent")
    assert list_kinds(orthanc, study.uid) == ["OT", "SR"]


def test_it_does_not_start_half_set_up(orthanc: Orthanc, set_up: SetUp) -> None:
    import threading

    stopped = threading.Event()
    stopped.set()
    with run_service(), pytest.raises(PacsError, match="runs already"):
        serve(stopped)
    for values, words in (
        ({"dimse_peers": "[]"}, "Nobody may send"),
        ({"dimse_peers": '["A"]', "dimse_destination": ""}, "Nothing says where"),
        ({"dimse_destination": "host:99999:AET"}, "does not say where"),
        ({"dimse_destination": "https://elsewhere/dicom-web"}, "another address than pacs_url"),
    ):
        set_up(**values)
        with pytest.raises(SettingsError, match=words):
            serve(stopped)
    set_up(dimse_destination="127.0.0.1:104:ARCHIVE", dimse_port=orthanc.dimse_port)
    with pytest.raises(PacsError, match=f"Port {orthanc.dimse_port} of 127.0.0.1 cannot be listened on"):
        serve(stopped)


def test_the_spool_is_for_nobody_else(orthanc: Orthanc) -> None:
    assert stat.S_IMODE(spool.find_spool().stat().st_mode) == 0o700


def test_an_object_that_takes_the_service_with_it_is_given_up(
    orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fracture_core.doors.pacs import worker

    class Gone(BaseException):
        """As if the process had been killed."""

    def die(*_: object) -> None:
        raise Gone

    spool.keep_received("a" * 32, draw_study().files[0])
    queue.adopt()
    import threading

    made = worker.Worker(threading.Event(), threading.Event())
    monkeypatch.setattr(worker, "read_object", die)
    monkeypatch.setattr(queue, "_FIRST_WAIT_S", 0.0)
    for _ in range(5):
        with pytest.raises(Gone):
            made.work_one()
    assert made.work_one() and queue.list_objects()[0].status == "failed"
    assert "broke off 5 times" in queue.list_objects()[0].reason and not made.work_one()


def test_an_unforeseen_fault_of_one_object_does_not_stop_the_others(
    orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from fracture_core.doors.pacs import worker

    good, bad = draw_study(), draw_study()
    bad_id = spool.identify(bad.files[0])
    original = worker.read_object

    def read(object_id: str, data: bytes, peer: str):
        if object_id == bad_id:
            raise ZeroDivisionError(PATIENT_SECRETS[0])
        return original(object_id, data, peer)

    monkeypatch.setattr(worker, "read_object", read)
    monkeypatch.setattr(queue, "_FIRST_WAIT_S", 0.0)
    for study in (bad, good):
        spool.keep_received(spool.identify(study.files[0]), study.files[0])
    with run_service():
        found = {each.id: each for each in wait_until("sent", "failed")}
    assert found[bad_id].status == "failed" and "id " in found[bad_id].reason
    assert found[spool.identify(good.files[0])].status == "sent"
    assert "ZeroDivisionError" in caplog.text and "DOE" not in caplog.text


def test_the_file_on_disk_is_what_was_sent(orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.doors.pacs.worker import Worker

    monkeypatch.setattr(Worker, "work_one", lambda self: False)
    data = draw_study().files[0]
    with run_service():
        send(data)
        (name,) = list_files()
    kept, sent = dcmread(spool.find_spool() / name), dcmread(BytesIO(data))
    assert kept == sent and kept.file_meta.SourceApplicationEntityTitle == "SENDER"
    assert write_dicom(kept)[-len(sent.PixelData) :] == sent.PixelData


def test_a_pdu_that_announces_gigabytes_ends_the_connection(orthanc: Orthanc) -> None:
    with run_service():
        with socket.create_connection(("127.0.0.1", get_settings().dimse_port), timeout=20) as peer:
            peer.sendall(b"\x01\x00" + (2**32 - 1).to_bytes(4, "big") + bytes(1000))
            with contextlib.suppress(ConnectionResetError):  # some of what was sent is not read any more
                assert peer.recv(1) == b""
        assert (answer := send(draw_study().files[0])) is not None and answer.Status == 0x0000


def test_nothing_is_taken_whose_size_is_not_known_before_it_is_unpacked(orthanc: Orthanc) -> None:
    with run_service():
        dataset = dcmread(BytesIO(build_dicom(draw_bone())))
        assert send(write_dicom(dataset)) is not None
        dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
        assert send(write_dicom(dataset)) is None


def test_a_peer_that_does_not_wait_for_answers_is_cut_off() -> None:
    waiting, ended = queue_of_messages.Queue(), []
    dimse = SimpleNamespace(msg_queue=waiting)
    association = type("Peer", (), {"dimse": dimse, "abort": lambda self, block: ended.append(block)})()
    receiver = Receiver(threading.Event())
    for count in range(4):
        receiver.begin_anew(SimpleNamespace(assoc=association))
        assert bool(ended) == (count >= 2)
        waiting.put(count)


def test_a_disk_that_is_nearly_full_is_left_to_the_database(orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch) -> None:
    with run_service(), monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
        assert send(draw_study().files[0]).Status == 0xA700
    assert list_files() == []


@pytest.mark.parametrize(("error", "is_open"), [(ObjectRefusedError("no"), True), (PacsError("away"), False)])
def test_an_object_that_is_refused_holds_up_no_other(orthanc: Orthanc, error: PacsError, is_open: bool) -> None:
    delivered = []

    def deliver(objects: list[bytes]) -> None:
        delivered.append(objects)
        if len(delivered) == 1:
            raise error

    for name in "ab":
        spool.keep_received(name * 32, draw_study().files[0])
        spool.keep_results(name * 32, (b"1", b"2"))
    queue.adopt()
    for name in "ab":
        queue.mark(name * 32, "read", reading_id=name * 32)
    worker = Worker(threading.Event(), threading.Event())
    worker._destination = SimpleNamespace(deliver=deliver, words="ARCHIVE")  # type: ignore[assignment]
    assert worker.work_one() and worker.work_one() == is_open
    assert queue.count_objects() == ({"read": 1, "sent": 1} if is_open else {"read": 2})
