"""How quickly this attempt of a run gets on, and how long it will still take."""

import math
import time

import psutil
import torch

FORWARD_SHARE = 1 / 3  # of a training step's time an image, until a validation has been measured


class Pace:
    """Keeps the time of training steps and that of validation apart.

    Args:
        total_steps: of all epochs.
        steps_per_epoch: each epoch ends in a validation.
        validation_batches: of a validation, in units of training batches; may be broken.
    """

    def __init__(self, total_steps: int, steps_per_epoch: int, validation_batches: float) -> None:
        self._total_steps, self._steps_per_epoch = total_steps, steps_per_epoch
        self._validation_batches = validation_batches
        self._steps, self._training_s = 0, 0.0
        self._validation_s: float | None = None
        self._since_s = time.monotonic()

    def start(self) -> None:
        """Begin to count; what lies between two calls of this and ``end_...`` counts for neither."""
        self._since_s = time.monotonic()

    def end_step(self) -> None:
        """A training step has ended, and the next begins."""
        self._training_s += self._take_s()
        self._steps += 1

    def end_validation(self) -> None:
        """A validation has ended, and a training step begins."""
        self._validation_s = self._take_s()

    @property
    def step_s(self) -> float | None:
        """Mean seconds of a training step; None before the first."""
        return self._training_s / self._steps if self._steps else None

    def estimate_left_s(self, step: int) -> float | None:
        """Return the seconds until the last validation ends, ``step`` steps being done; None before it can be told."""
        if self.step_s is None:
            return None
        validation_s = self._validation_s
        if validation_s is None:
            validation_s = self.step_s * self._validation_batches * FORWARD_SHARE
        steps = self._total_steps - step
        return steps * self.step_s + math.ceil(steps / self._steps_per_epoch) * validation_s

    def _take_s(self) -> float:
        before_s, self._since_s = self._since_s, time.monotonic()
        return self._since_s - before_s


def measure_memory_gb(device: str) -> float:
    """Return gigabytes (10^9 bytes): the most a CUDA device has held, else those of this process and its children."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e9
    process = psutil.Process()
    total_bytes = process.memory_info().rss
    for child in process.children(recursive=True):
        try:
            total_bytes += child.memory_info().rss
        except psutil.Error:  # it has ended meanwhile
            continue
    result: float = total_bytes / 1e9
    return result
