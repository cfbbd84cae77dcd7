"""Radiographs in, readings out."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from fracture_core.base import log_incident
from fracture_core.networks import Checkpoint, OperatingPoints, decide_call, lay_out_for_speed, letterbox
from fracture_core.radiographs import Radiograph
from fracture_core.reading.engine.devices import choose_device
from fracture_core.reading.engine.heatmap import build_heatmap
from fracture_core.reading.engine.inference import (
    Features,
    calibrate,
    choose_batch_size,
    compute_margins_and_maps,
    keeping_features,
)
from fracture_core.store import Call

_VISIBLE = 0.05  # of a heatmap; fainter is not seen over the radiograph
_NO_PLACE = "The heatmap shows no place: many faint signs raised p, none of them by itself. Look everywhere."


@dataclass(frozen=True, eq=False)
class Reading:
    """What the model says of one radiograph.

    Attributes:
        label: one of the checkpoint's classes, by the balanced operating point.
        call: "positive", "uncertain" or "negative", by ``points``.
        p_fracture: calibrated probability in [0, 1].
        threshold: the balanced operating point: fractured from this probability on.
        points: the ends of the uncertain zone.
        heatmap: ``(H', W')`` float32 in [0, 1] over the whole radiograph (its
            corners are the radiograph's corners); 0 speaks against or is
            neutral, 1 is the strongest evidence a map shows. See ``heatmap``.
        model, model_sha256: name of the checkpoint and hash of its weights.
        elapsed_ms: time this radiograph took, preprocessing included; the mean
            over its batch.
        device: "cpu", "cuda" or "mps".
        notices: things that did not go as asked, such as a GPU that failed.
        features: ``(D,)`` float32, what the network's last layer took of the radiograph as it is (not of its
            mirror image); see ``features``.
    """

    label: str
    call: Call
    p_fracture: float
    threshold: float
    points: OperatingPoints
    heatmap: np.ndarray
    model: str
    model_sha256: str
    elapsed_ms: float
    device: str
    notices: tuple[str, ...] = ()
    features: np.ndarray | None = None

    @property
    def is_fracture_suspected(self) -> bool:
        return self.p_fracture >= self.threshold


class Predictor:
    """A loaded checkpoint on a device; safe to share between threads.

    Raises:
        CheckpointDamagedError: the weights are not the ones the manifest names.
        DeviceError: the device wanted is not there.
    """

    def __init__(self, checkpoint: Checkpoint, device: str = "auto") -> None:
        self.checkpoint = checkpoint
        self._device = choose_device(device)
        self._notices: tuple[str, ...] = ()
        self._lock = threading.Lock()
        network = lay_out_for_speed(checkpoint.load_network())
        try:
            self._network = network.to(self._device)
        except RuntimeError as error:
            self._network = network
            self._fall_back_to_cpu(error)

    @property
    def device(self) -> str:
        return self._device.type

    def read(self, radiograph: Radiograph) -> Reading:
        """Return the reading of one radiograph."""
        return self.read_batch([radiograph])[0]

    def read_batch(self, radiographs: Sequence[Radiograph]) -> list[Reading]:
        """Return the readings in order; batches bound the memory, however many radiographs there are."""
        readings: list[Reading] = []
        size = choose_batch_size(self.device)
        for start in range(0, len(radiographs), size):
            readings += self._read_one_batch(radiographs[start : start + size])
        return readings

    def _read_one_batch(self, radiographs: Sequence[Radiograph]) -> list[Reading]:
        started_s = time.perf_counter()
        manifest = self.checkpoint.manifest
        preprocessing = manifest.preprocessing
        squares = torch.from_numpy(np.stack([letterbox(radiograph, preprocessing) for radiograph in radiographs]))
        margins, maps, features = self._compute(squares)
        probabilities = calibrate(margins, manifest.calibration)
        heatmaps = [
            build_heatmap(
                activation - manifest.heatmap_floor,
                radiograph.width_px,
                radiograph.height_px,
                manifest.heatmap_full_scale,
            )
            for activation, radiograph in zip(maps, radiographs, strict=True)
        ]
        elapsed_ms = (time.perf_counter() - started_s) * 1000 / len(radiographs)
        return [
            self._build_reading(float(p), heatmap, elapsed_ms, features.of(index))
            for index, (p, heatmap) in enumerate(zip(probabilities, heatmaps, strict=True))
        ]

    def _compute(self, squares: torch.Tensor) -> tuple[np.ndarray, np.ndarray, Features]:
        with self._lock:
            try:
                return self._run(squares.to(self._device))
            except RuntimeError as error:  # how torch reports a GPU out of memory or lost
                if self._device.type == "cpu":
                    raise
                self._fall_back_to_cpu(error)
                return self._run(squares)

    def _run(self, squares: torch.Tensor) -> tuple[np.ndarray, np.ndarray, Features]:
        manifest = self.checkpoint.manifest
        with keeping_features(self._network) as features:
            margins, maps = compute_margins_and_maps(
                self._network, squares, manifest.preprocessing, mirrored=manifest.mirrored
            )
        return margins, maps, features

    def _fall_back_to_cpu(self, error: RuntimeError) -> None:
        incident_id = log_incident(error, f"on device {self._device}")
        self._notices = (f"The {self._device.type.upper()} device failed (id {incident_id}); the CPU is used instead.",)
        self._device = torch.device("cpu")
        # A lost GPU cannot hand its copy back: the weights are read again.
        self._network = lay_out_for_speed(self.checkpoint.load_network())

    def _build_reading(
        self, p_fracture: float, heatmap: np.ndarray, elapsed_ms: float, features: np.ndarray | None
    ) -> Reading:
        manifest = self.checkpoint.manifest
        threshold = manifest.operating_point.threshold
        call = decide_call(p_fracture, manifest.call_points)
        is_blank = call == "positive" and float(heatmap.max(initial=0.0)) < _VISIBLE
        return Reading(
            label=manifest.classes[int(p_fracture >= threshold)],
            call=call,
            p_fracture=p_fracture,
            threshold=threshold,
            points=manifest.call_points,
            heatmap=heatmap,
            model=self.checkpoint.name,
            model_sha256=manifest.weights_sha256,
            elapsed_ms=elapsed_ms,
            device=self.device,
            notices=(*self._notices, _NO_PLACE) if is_blank else self._notices,
            features=features,
        )
