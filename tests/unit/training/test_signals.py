"""A real training process that is asked to end, by the system or from the keyboard, at any moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.training.runs.run import Run
from fracture_core.training.runs.stop_request import BY_SIGNAL, FROM_KEYBOARD
from tests.unit.training.tiny_runs import start_run

pytestmark = pytest.mark.slow

# Runs the command line in a process whose named function waits when first called: the moment to signal at.
_CHILD = """
import sys, time
from pathlib import Path
from fracture_core.doors.cli import main
from fracture_core.training import finish, module, prepared

holder, name, marker = {holder}, {name!r}, Path({marker!r})
real = getattr(holder, name)

def wait(*arguments, **named):
    if not marker.exists():
        marker.touch()
        time.sleep(1.5)  # interrupted or not, the signal comes in here
    return real(*arguments, **named)

setattr(holder, name, wait)
sys.exit(main(["train", "--run", {run!r}]))
"""
MOMENTS = {
    "preparing": ("prepared", "divide_by_group"),
    "training": ("module.FractureModule", "training_step"),
    "validating": ("module.FractureModule", "validation_step"),
    "evaluating": ("finish", "evaluate_checkpoint"),
}


def start_child(run: Run, moment: str, marker: Path) -> "subprocess.Popen[bytes]":
    holder, name = MOMENTS[moment]
    code = _CHILD.format(holder=holder, name=name, marker=str(marker), run=run.id)
    environment = os.environ | {"PYTHONPATH": str(PROJECT_DIR), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=PROJECT_DIR, stderr=subprocess.DEVNULL)


def wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline_s = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None and time.monotonic() < deadline_s, "the child did not come so far"
        time.sleep(0.05)


@pytest.mark.parametrize("moment", MOMENTS)
def test_sigterm_at_any_moment_ends_in_a_run_that_can_be_resumed(
    moment: str, own_settings: Settings, tmp_path: Path
) -> None:
    run = start_run(own_settings)
    child = start_child(run, moment, tmp_path / "reached")
    wait_for(tmp_path / "reached", child)
    child.send_signal(signal.SIGTERM)
    told_s = time.monotonic()
    assert child.wait(timeout=60) == 0
    assert time.monotonic() - told_s < 10
    state = run.read_state()
    assert (state.status, state.reason) == ("stopped", BY_SIGNAL)
    if moment != "preparing":
        step = torch.load(run.resume_path, weights_only=True)["global_step"]
        assert step == {"training": 1, "validating": 3, "evaluating": 6}[moment]
    if moment == "evaluating":
        assert start_child(run, moment, tmp_path / "reached").wait(timeout=120) == 0
        assert run.read_state().status == "finished"


def test_ctrl_c_ends_after_the_batch_and_twice_at_once(own_settings: Settings, tmp_path: Path) -> None:
    run = start_run(own_settings)
    child = start_child(run, "training", tmp_path / "reached")
    wait_for(tmp_path / "reached", child)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=60) == 0
    assert (run.read_state().status, run.read_state().reason) == ("stopped", FROM_KEYBOARD)
    assert torch.load(run.resume_path, weights_only=True)["global_step"] == 1

    child = start_child(run, "validating", tmp_path / "again")
    wait_for(tmp_path / "again", child)
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=60) == 130
    assert (run.read_state().status, run.read_state().reason) == ("stopped", FROM_KEYBOARD)
    assert torch.load(run.resume_path, weights_only=True)["global_step"] == 3
