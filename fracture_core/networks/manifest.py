"""What ``manifest.json`` says of a checkpoint's weights: how to feed them, what their logits mean, whence they are."""

from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, Field

from fracture_core import __version__
from fracture_core.networks.inception import NetworkConfig
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints
from fracture_core.networks.preprocessing import Preprocessing


class Calibration(BaseModel):
    """Turns the logit margin m into ``p = sigmoid(scale * m + offset)`` (Platt 1999).

    Fitted on validation; the offset undoes the prior shift of balanced sampling.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scale: float = Field(1.0, gt=0.0)
    offset: float = 0.0

    @property
    def temperature(self) -> float:
        """Return what logits are divided by; above 1 the network was surer than it should be (Guo et al. 2017)."""
        return 1.0 / self.scale


class DataRecord(BaseModel):
    """A data set the weights were trained with: enough to recognise it, none of its pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: str
    image_count: int
    excluded_count: int = 0
    split_counts: dict[str, int] = {}


class Manifest(BaseModel):
    """``manifest.json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: int = Field(1, ge=1, le=1)
    created_at: str
    code_version: str = __version__
    torch_version: str = str(torch.__version__)
    network: NetworkConfig
    preprocessing: Preprocessing
    classes: tuple[str, ...] = ("not fractured", "fractured")
    calibration: Calibration = Calibration()
    operating_point: OperatingPoint = OperatingPoint()  # the balanced one
    operating_points: OperatingPoints | None = None  # absent from old manifests: see ``call_points``
    mirrored: bool = False  # a reading is the mean of the radiograph's and its mirror image's
    # Logits of the map up to which a heatmap is empty: three quarters of the sound radiographs of
    # validation show nothing. And logits above it at which a heatmap is full: the 99th percentile of peaks.
    heatmap_floor: float = 0.0
    heatmap_full_scale: float = Field(20.0, gt=0.0)
    recipe: dict[str, Any] = {}
    data: tuple[DataRecord, ...] = ()
    seed: int = 0
    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def call_points(self) -> OperatingPoints:
        """Return the ends of the uncertain zone; a manifest that names none has no such zone."""
        return self.operating_points or OperatingPoints(
            high_sensitivity=self.operating_point, high_specificity=self.operating_point
        )
