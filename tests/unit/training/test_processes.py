"""Two processes train as one would: the same curve and weights, one run; stopped together and resumed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file

from fracture_core.base.errors import TrainingError
from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.networks.checkpoints import WEIGHTS_NAME
from fracture_core.training.run import run_training
from fracture_core.training.runs.run import Run, list_states
from fracture_core.training.runs.stop_request import ASKED, BY_SIGNAL
from tests.unit.training.tiny_runs import ask_to_stop, read_curve, start_run

pytestmark = pytest.mark.slow

# Dropout is drawn by each process for itself, and 16-bit arithmetic rounds what the processes add up:
# both are switched off in every process that finds this on its path, to compare the rest.
# A step takes at least STEP_PAUSE_S, so that a stop asked for after the first one comes before the last.
_EXACT = """
import os, time
import fracture_core.training.fit as fit
from fracture_core.training.module import FractureModule
from fracture_core.training.recipes import RECIPES

RECIPES["quick"] = RECIPES["quick"].model_copy(update={"dropout": 0.0})
fit.has_fast_bf16 = lambda device: False
learn = FractureModule.training_step

def learn_slowly(*arguments):
    time.sleep(float(os.environ.get("STEP_PAUSE_S", 0)))
    return learn(*arguments)

FractureModule.training_step = learn_slowly
"""
_TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "path"
    path.mkdir()
    (path / "sitecustomize.py").write_text(_EXACT)
    return os.environ | {"PYTHONPATH": f"{path}{os.pathsep}{PROJECT_DIR}", "OMP_NUM_THREADS": "1"}


def start(environment: dict[str, str], *command: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=environment, cwd=PROJECT_DIR)


def train(environment: dict[str, str], run: Run, *launcher: str) -> "subprocess.Popen[bytes]":
    lead = launcher or (sys.executable,)
    return start(environment, *lead, "-m", "fracture_core", "train", "--run", run.id)


def wait_for_step(run: Run, step: int, process: "subprocess.Popen[bytes]") -> None:
    deadline_s = time.monotonic() + 120
    while run.read_state().step < step:
        assert process.poll() is None and time.monotonic() < deadline_s
        time.sleep(0.05)


def assert_same_end(run: Run, other: Run) -> None:
    curve, expected = read_curve(run), read_curve(other)
    assert set(curve) == set(expected), "each point once, from one process"
    assert curve == pytest.approx(expected, abs=1e-4)
    weights, wanted = (load_file(each.result_path / WEIGHTS_NAME) for each in (run, other))
    for name, tensor in wanted.items():
        torch.testing.assert_close(
            weights[name].float(), tensor.float(), atol=1e-3, rtol=1e-3
        )  # Adam moves by 0.001 a step


def test_two_processes_end_where_one_does_stopped_or_not(own_settings: Settings, environment: dict[str, str]) -> None:
    # Batches of 5 and of 2: the slices of two processes differ in length.
    one = start_run(own_settings, epochs=2, batch_size=5)
    assert train(environment, one).wait(timeout=240) == 0

    two = start_run(own_settings, epochs=2, batch_size=5, devices=2)
    assert train(environment, two).wait(timeout=240) == 0
    assert len(list_states()) == 2 and two.read_state().status == "finished"
    assert_same_end(two, one)

    stopped = start_run(own_settings, epochs=2, batch_size=5, devices=2)
    process = train(environment | {"STEP_PAUSE_S": "3"}, stopped)
    wait_for_step(stopped, 1, process)
    ask_to_stop(stopped)
    assert process.wait(timeout=30) == 0
    assert (stopped.read_state().status, stopped.read_state().reason) == ("stopped", ASKED)
    assert torch.load(stopped.resume_path, weights_only=True)["global_step"] < one.read_state().total_steps
    assert train(environment, stopped).wait(timeout=240) == 0
    assert_same_end(stopped, one)


def test_fresh_run_of_torchrun_is_one_run_and_sigterm_ends_all(
    own_settings: Settings, environment: dict[str, str]
) -> None:
    start_run(own_settings).update_state(status="stopped")  # writes the data; no process has it
    options = ["--recipe", "quick", "--epochs", "200", "--input-size", "32", "--batch-size", "5", "--device", "cpu"]
    process = start(environment, *_TORCHRUN, "-m", "fracture_core", "train", "--data", "drawn", *options)
    deadline_s = time.monotonic() + 120
    while len(states := list_states(active=True)) == 0:
        assert process.poll() is None and time.monotonic() < deadline_s
        time.sleep(0.1)
    run = Run(states[0].id)
    wait_for_step(run, 1, process)
    state = run.read_state()
    assert state.pid is not None and len(list_states()) == 2
    os.kill(state.pid, signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert (run.read_state().status, run.read_state().reason) == ("stopped", BY_SIGNAL)
    assert run.resume_path.is_file()


def test_followers_end_with_a_leader_that_was_killed(own_settings: Settings, environment: dict[str, str]) -> None:
    run = start_run(own_settings, epochs=200, devices=2)
    leader = train(environment, run)
    wait_for_step(run, 1, leader)
    followers = psutil.Process(leader.pid).children(recursive=True)
    assert len(followers) == 1
    leader.kill()
    leader.wait()
    gone, alive = psutil.wait_procs(followers, timeout=30)
    assert gone and not alive


def test_several_machines_need_a_launcher(own_settings: Settings) -> None:
    with pytest.raises(TrainingError, match="torchrun or srun"):
        run_training(start_run(own_settings, num_nodes=2))
