"""The processes that train together: one leads, the others do as it says.

A process finds its place in torch's own environment variables (RANK, WORLD_SIZE,
LOCAL_RANK, MASTER_ADDR, MASTER_PORT): torchrun sets them, Slurm's are translated, and
where nobody started the others the leader starts them itself, on its own machine.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist

from fracture_core.base import TrainingError
from fracture_core.training.lightning_imports import SLURMEnvironment

LONGEST_WAIT = timedelta(days=7)  # for the leader, which may queue, unpack and decode first
T = TypeVar("T")
_has_joined = False


@dataclass(frozen=True)
class Processes:
    """This process among those that train together.

    Attributes:
        count: of all machines together.
        rank: 0 leads.
        control: what decisions are shared through, on the CPU; None for one process.
    """

    count: int = 1
    rank: int = 0
    local_rank: int = 0
    control: dist.ProcessGroup | None = None

    def divide_threads(self, limit: int | None) -> int | None:
        """Return the CPU threads of each process of this machine, of a limit for all; None leaves it to torch."""
        if self.count == 1:
            return limit
        return max(1, (limit or os.cpu_count() or 1) // count_started((1, 1))[0])

    def share(self, value: T) -> T:
        """Return the leader's value in all processes; all must call it."""
        if self.control is None:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0, group=self.control)
        return box[0]


def find_process_rank() -> int:
    """Return this process's place as whoever started it says; 0 leads, or is alone."""
    _translate_slurm()
    return int(os.environ.get("RANK", 0)) if started_together() else 0


def started_together() -> bool:
    """Return whether torchrun, Slurm or a leader started this process as one of several."""
    _translate_slurm()
    return int(os.environ.get("WORLD_SIZE", 1)) > 1 and "RANK" in os.environ


def count_started(default: tuple[int, int]) -> tuple[int, int]:
    """Return processes a machine, and machines, as they were started; else the default."""
    if not started_together():
        return default
    everywhere = int(os.environ["WORLD_SIZE"])
    here = int(os.environ.get("LOCAL_WORLD_SIZE", everywhere))
    return here, everywhere // here


@contextmanager
def gathered(run_id: str, devices: int, num_nodes: int) -> Iterator[Processes]:
    """Lend this process's place among all, which are together when the block begins; as leader, start them first.

    Raises:
        TrainingError: several machines were asked for, but nothing started a process on each.
    """
    if devices * num_nodes == 1 and not started_together():
        yield Processes()
        return
    followers = [] if started_together() else _start_followers(run_id, devices, num_nodes)
    try:
        with _joined() as processes:
            yield processes
    finally:
        _end(followers)


@contextmanager
def _joined() -> Iterator[Processes]:
    local_rank = int(os.environ.get("LOCAL_RANK", 0))
    gpus = torch.cuda.device_count()
    if local_rank < gpus:
        torch.cuda.set_device(local_rank)
    global _has_joined
    _has_joined = True
    dist.init_process_group("cpu:gloo,cuda:nccl" if gpus else "gloo", timeout=LONGEST_WAIT)
    try:
        control = dist.new_group(backend="gloo", timeout=LONGEST_WAIT)
        yield Processes(dist.get_world_size(), dist.get_rank(), local_rank, control)
    finally:
        dist.destroy_process_group()


def dismiss_followers() -> None:
    """Let processes go that were started with this one and still wait, where its run ended before it needed them."""
    if started_together() and not _has_joined:
        with _joined() as processes:
            processes.share(None)


def ignore_signals() -> None:
    """Leave it to the leader to end when the system or the keyboard asks; in a follower."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _start_followers(run_id: str, devices: int, num_nodes: int) -> list["subprocess.Popen[bytes]"]:
    if num_nodes > 1:
        raise TrainingError(
            f"{num_nodes} machines were asked for, but a process was started on this one alone.",
            "Start the same command with torchrun or srun; see docs/scaling.md.",
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    common = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(devices)}
    common |= {"LOCAL_WORLD_SIZE": str(devices)}
    os.environ.update(common | {"RANK": "0", "LOCAL_RANK": "0"})
    command = [sys.executable, "-u", "-m", "fracture_core", "train", "--run", run_id]
    return [
        subprocess.Popen(
            command, env=os.environ | {"RANK": str(rank), "LOCAL_RANK": str(rank)}, stdin=subprocess.DEVNULL
        )
        for rank in range(1, devices)
    ]


def _end(followers: list["subprocess.Popen[bytes]"]) -> None:
    for follower in followers:
        try:
            follower.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it ignores SIGTERM, see above
            follower.kill()
            follower.wait()
    if followers:
        for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
            os.environ.pop(name, None)


def _translate_slurm() -> None:
    """Put what srun says of its tasks into torch's variables."""
    if "RANK" in os.environ or int(os.environ.get("SLURM_STEP_NUM_TASKS", 1)) == 1:
        return
    slurm = SLURMEnvironment(auto_requeue=False)
    os.environ.update(
        RANK=os.environ["SLURM_PROCID"],
        LOCAL_RANK=os.environ["SLURM_LOCALID"],
        WORLD_SIZE=os.environ["SLURM_STEP_NUM_TASKS"],
        LOCAL_WORLD_SIZE=str(int(os.environ["SLURM_STEP_NUM_TASKS"]) // int(os.environ.get("SLURM_STEP_NUM_NODES", 1))),
        MASTER_ADDR=os.environ.get("MASTER_ADDR") or slurm.main_address,
        MASTER_PORT=os.environ.get("MASTER_PORT") or str(slurm.main_port),
    )
