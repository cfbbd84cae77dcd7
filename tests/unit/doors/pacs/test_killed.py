"""The service killed with SIGKILL at each of its steps: nothing acknowledged is lost, nothing is there twice."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.doors.pacs import queue, spool
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow, ReadingRow
from tests.orthanc import Orthanc
from tests.unit.doors.pacs.conftest import SERVICE, draw_study
from tests.unit.doors.pacs.running import WAIT_S, list_kinds, run_service, send, wait_until, wait_until_empty

SPOOL, WORKER, QUEUE = (
    "fracture_core.doors.pacs.spool",
    "fracture_core.doors.pacs.worker",
    "fracture_core.doors.pacs.queue",
)


@contextmanager
def run_process(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the service in a process of its own until the block ends; it listens."""
    command = [sys.executable, "-m", *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and "listens" in process.stdout.readline()
            yield process
        finally:
            process.kill()


def wait_for_end(process: "subprocess.Popen[str]") -> None:
    process.wait(WAIT_S)
    assert process.returncode == -9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "function", "when", "is_answered"),
    [
        (SPOOL, "write_atomically", "before", False),  # nothing is on the disk, nobody was told so
        (SPOOL, "write_atomically", "after", False),  # between receiving and answering
        (QUEUE, "_read_known", "before", None),  # on the disk, no row; the answer may be out by then
        (WORKER, "read_object", "before", True),
        (WORKER, "read_object", "after", True),  # between the history's row and the results
        (SPOOL, "keep_results", "after", True),  # between reading and sending
        (QUEUE, "mark_sent", "before", True),  # delivered, but not written down
        (SPOOL, "remove", "before", True),  # written down, files still there
    ],
)
def test_killed_there_it_goes_on_where_it_was(
    orthanc: Orthanc, checkpoint: Checkpoint, module: str, function: str, when: str, is_answered: bool | None
) -> None:
    study = draw_study()
    with run_process("tests.unit.doors.pacs.killed_service", module, function, when) as process:
        answer = send(study.files[0])
        wait_for_end(process)
    acknowledged = answer is not None and answer.get("Status") == 0x0000
    assert is_answered is None or acknowledged == is_answered
    with run_service():
        if function == "write_atomically" and when == "before":
            assert spool.list_received() == {} and queue.list_objects() == []
        if not acknowledged:  # what is not acknowledged is sent again
            assert send(study.files[0]).Status == 0x0000
        wait_until("sent")
        wait_until_empty()
    check_once(orthanc, [study.uid])


@pytest.mark.slow
def test_killed_again_and_again_while_many_come(orthanc: Orthanc, checkpoint: Checkpoint) -> None:
    studies = [draw_study() for _ in range(12)]
    instances = [orthanc.store(study.files[0]) for study in studies]
    acknowledged: set[str] = set()
    for round_s in (0.3, 1.0, 2.0, 3.0):
        with run_process("fracture_core", "pacs", "serve") as process:
            deadline = time.monotonic() + round_s
            for instance in instances:
                if time.monotonic() > deadline:
                    break
                if instance not in acknowledged and orthanc.send(instance, SERVICE).ok:
                    acknowledged.add(instance)
            time.sleep(max(0.0, deadline - time.monotonic()))
            process.kill()
    with run_service():
        for instance in instances:
            if instance not in acknowledged:
                assert orthanc.send(instance, SERVICE).ok
        wait_until("sent")
        wait_until_empty()
    check_once(orthanc, [study.uid for study in studies], ["CR", "OT", "SR"])


def check_once(orthanc: Orthanc, uids: list[str], kinds: list[str] | None = None) -> None:
    """Check that each study has its results once, each reading its row, and that no file is left."""
    for uid in uids:
        assert list_kinds(orthanc, uid) == (kinds or ["OT", "SR"])
    with reading_session() as session:
        assert session.query(ReadingRow).count() == len(uids)
        assert session.query(AuditLogRow).filter_by(action="reading").count() == len(uids)
    assert spool.list_received() == {} and verify_audit_log().holds
    assert {path.name for path in spool.find_spool().iterdir()} == {".serve.lock"}
