"""A reader that is killed in the middle: what it read stays, and the rest is read by the next one."""

import os
import signal
import subprocess
import sys
import time

import pytest

from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import iterate_readings
from fracture_core.records.worklist.create import create_from_path
from fracture_core.records.worklist.read import read_items, read_worklist
from fracture_core.records.worklist.reader import BATCH_SIZES, read_worklist_files
from fracture_core.store.audit_log.verify import verify_audit_log
from tests.unit.records.worklist.conftest import Fill, load


@pytest.mark.slow
def test_killed_in_the_middle_nothing_is_lost_or_read_twice(
    own_settings: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(400), checkpoint)
    command = [sys.executable, "-m", "fracture_core", "worklist", "read", worklist_id]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not read_worklist(worklist_id).progress.done:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        assert not read_worklist_files(worklist_id, load)  # the other one holds it
        process.send_signal(signal.SIGKILL)
    before = {item.number: item for item in read_items(worklist_id)}
    in_hand = [item for item in before.values() if item.status == "reading"]
    assert len(in_hand) <= 3 * BATCH_SIZES["cpu"] and any(item.status == "waiting" for item in before.values())
    assert read_worklist_files(worklist_id, load)
    after = read_items(worklist_id)
    assert {item.status for item in after} == {"done", "failed"}
    assert all(item == before[item.number] for item in after if before[item.number].read_at)
    kept = sorted(each.item_number or 0 for each in iterate_readings(HistoryFilters()))
    assert kept == [item.number for item in after if item.status == "done"] and verify_audit_log().holds
