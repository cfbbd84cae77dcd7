"""The only place that turns a Radiograph into a tensor, in training and in reading.

Two steps, split where training caches: ``letterbox`` makes a square uint8
picture once a file; ``normalize_squares`` makes the network's input of it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor

from fracture_core.base import ShapeError
from fracture_core.radiographs import Radiograph


class Preprocessing(BaseModel):
    """Stored in a checkpoint's manifest, so that reading cannot drift from training.

    Attributes:
        input_size_px: side of the network's square input.
        channels: the gray picture is repeated this often.
        mean, std: of the training set's letterboxed pixels in [0, 1].
        stretch_percentiles: (low, high) percentiles of the radiograph that
            become black and white, or None to leave contrast alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_size_px: int = Field(224, ge=32, le=2048)
    channels: int = Field(1, ge=1, le=16)
    mean: float = Field(0.0, ge=0.0, le=1.0)
    std: float = Field(1.0, gt=0.0)
    stretch_percentiles: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _check_percentiles(self) -> Self:
        if self.stretch_percentiles is not None:
            low, high = self.stretch_percentiles
            if not 0 <= low < high <= 100:
                raise ValueError("stretch_percentiles must be 0 <= low < high <= 100")
        return self


@dataclass(frozen=True)
class Frame:
    """Where a radiograph lies in its letterboxed square, in px of that square."""

    left: int
    top: int
    width: int
    height: int


def fit_letterbox_frame(width_px: int, height_px: int, size_px: int) -> Frame:
    """Return the largest centred frame of the same aspect in a square of ``size_px``."""
    scale = size_px / max(width_px, height_px)
    width, height = max(1, round(width_px * scale)), max(1, round(height_px * scale))
    return Frame((size_px - width) // 2, (size_px - height) // 2, width, height)


def letterbox(radiograph: Radiograph, preprocessing: Preprocessing) -> np.ndarray:
    """Return the radiograph fitted into a black square, aspect kept.

    Returns:
        ``(S, S)`` uint8, S = ``preprocessing.input_size_px``.
    """
    pixels = _stretch(radiograph.pixels, preprocessing.stretch_percentiles)
    size_px = preprocessing.input_size_px
    frame = fit_letterbox_frame(radiograph.width_px, radiograph.height_px, size_px)
    image = Image.fromarray(np.ascontiguousarray(pixels, dtype=np.float32))
    # BOX averages over the whole source pixel area: no aliasing of thin fracture lines.
    method = Image.Resampling.BOX if image.width > frame.width else Image.Resampling.BILINEAR
    small = np.asarray(image.resize((frame.width, frame.height), method))
    square = np.zeros((size_px, size_px), np.uint8)
    rows = slice(frame.top, frame.top + frame.height)
    columns = slice(frame.left, frame.left + frame.width)
    square[rows, columns] = np.clip(np.rint(small * 255.0), 0, 255)
    return square


def normalize_squares(squares: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Return the network's input.

    Args:
        squares: ``(N, S, S)`` uint8 from ``letterbox``.

    Returns:
        ``(N, channels, S, S)`` float32, unitless: 0 is the training mean, 1 one
        standard deviation.

    Raises:
        ShapeError: not three-dimensional.
    """
    if squares.ndim != 3:
        raise ShapeError("The batch of letterboxed radiographs", tuple(squares.shape), "(N, S, S)")
    return standardize_images(squares.to(torch.float32) / 255.0, preprocessing)


def standardize_images(images: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Return ``(N, channels, S, S)`` of ``(N, S, S)`` float32 in [0, 1]: the last step alone, for augmented images."""
    scaled = (images - preprocessing.mean) / preprocessing.std
    return scaled.unsqueeze(1).expand(-1, preprocessing.channels, -1, -1)


def prepare(radiographs: list[Radiograph], preprocessing: Preprocessing) -> Tensor:
    """Return ``(N, channels, S, S)`` float32 of whole radiographs: both steps at once."""
    squares = np.stack([letterbox(radiograph, preprocessing) for radiograph in radiographs])
    return normalize_squares(torch.from_numpy(squares), preprocessing)


def _stretch(pixels: np.ndarray, percentiles: tuple[float, float] | None) -> np.ndarray:
    if percentiles is None:
        return pixels
    step = max(1, int(np.sqrt(pixels.size / 250_000)))  # a quarter million samples place a percentile well
    low, high = np.percentile(pixels[::step, ::step], percentiles)
    if high - low < 1e-3:  # a flat picture has no contrast to stretch
        return pixels
    stretched: np.ndarray = np.clip((pixels - low) / (high - low), 0.0, 1.0)
    return stretched
