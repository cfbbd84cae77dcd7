"""The service in a thread of the test, a sender, and what the archive has of a study."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

from pydicom import Dataset, dcmread, uid
from pynetdicom import AE

from fracture_core.base.settings import get_settings
from fracture_core.doors.pacs import queue, spool
from fracture_core.doors.pacs.kinds import KINDS
from fracture_core.doors.pacs.service import serve
from fracture_core.doors.pacs.silence import silence_pynetdicom
from tests.orthanc import Orthanc

WAIT_S = 60.0


@contextmanager
def run_service() -> Iterator[None]:
    """Serve until the block ends; what it fails of is raised there."""
    stop, ready = threading.Event(), threading.Event()
    failed: list[Exception] = []

    def run() -> None:
        try:
            serve(stop, lambda _: ready.set())
        except Exception as error:  # noqa: BLE001 - handed to the test
            failed.append(error)
        ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(WAIT_S)
        if not failed:
            yield
    finally:
        stop.set()
        thread.join()
    if failed:
        raise failed[0]


def send(data: bytes, *, calling: str = "SENDER", change: Callable[[Dataset], None] | None = None) -> Dataset | None:
    """Send one file to the service; return its answer, empty where it broke off, None where it lets nobody in."""
    silence_pynetdicom()
    settings, dataset = get_settings(), dcmread(BytesIO(data))
    if change:
        change(dataset)
    entity = AE(ae_title=calling)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 30
    kinds = sorted({str(dataset.SOPClassUID), *KINDS})
    for kind in kinds[:10]:
        entity.add_requested_context(kind, dataset.file_meta.TransferSyntaxUID)
    association = entity.associate("127.0.0.1", settings.dimse_port, ae_title=settings.dimse_aet)
    if not association.is_established:
        return None
    try:
        return association.send_c_store(dataset)
    finally:
        if association.is_established:
            association.release()


def wait_until(*statuses: str) -> list[queue.QueuedObject]:
    """Wait until all that came is in one of these states; return it, the last one first."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = queue.list_objects()
        if found and all(each.status in statuses for each in found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"still {[(each.status, each.reason) for each in queue.list_objects()]}")


def wait_until_empty() -> None:
    """Wait until the service has no file left."""
    deadline = time.monotonic() + WAIT_S
    while spool.list_received():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def list_kinds(orthanc: Orthanc, study_uid: str) -> list[str]:
    """Return the modality of each object that the archive has of a study, sorted."""
    return sorted(each["Modality"] for each in orthanc.list_objects().values() if each["StudyInstanceUID"] == study_uid)


def find_results(orthanc: Orthanc, study_uid: str) -> dict[str, bytes]:
    """Return the files of the Secondary Capture ("OT") and the SR that the archive has of a study."""
    found = {
        each["Modality"]: orthanc.get_file(sop_uid)
        for sop_uid, each in orthanc.list_objects().items()
        if each["StudyInstanceUID"] == study_uid and each["Modality"] in ("OT", "SR")
    }
    assert uid.UID(dcmread(BytesIO(found["SR"])).SOPClassUID).name.startswith("Comprehensive SR")
    return found
