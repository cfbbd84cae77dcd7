"""Random changes of a training batch, drawn per radiograph on the training device."""

import math

import torch
import torch.nn.functional as F
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor


class Augmentation(BaseModel):
    """How far a training radiograph may be changed; all zero leaves it alone.

    Attributes:
        horizontal_flip, vertical_flip: probabilities.
        rotation_deg: drawn from plus or minus this.
        scale: zoom drawn log-uniformly from [1/(1+scale), 1+scale].
        shift: translation as a share of the side, plus or minus.
        contrast: exponent (gamma) and gain drawn from plus or minus this.
        noise: largest standard deviation of Gaussian noise, in gray levels of [0, 1].
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    horizontal_flip: float = Field(0.0, ge=0, le=1)
    vertical_flip: float = Field(0.0, ge=0, le=1)
    rotation_deg: float = Field(0.0, ge=0, le=180)
    scale: float = Field(0.0, ge=0, le=2)
    shift: float = Field(0.0, ge=0, le=0.5)
    contrast: float = Field(0.0, ge=0, le=0.9)
    noise: float = Field(0.0, ge=0, le=0.5)


def augment(
    images: Tensor, boxes: Tensor, augmentation: Augmentation, own: slice = slice(None)
) -> tuple[Tensor, Tensor]:
    """Return changed images, and the box masks changed with them.

    Args:
        images: ``(N, 1, S, S)`` float32 in [0, 1].
        boxes: ``(N, 1, s, s)`` float32, 1 inside a marked fracture, at any s.
        own: the part to return; each image is changed as in the whole batch.

    Returns:
        The part of both; what the affine map brings in from outside is black.
    """
    count, images, boxes = len(images), images[own], boxes[own]
    if _moves(augmentation):
        maps = _draw_affine_maps(count, augmentation)[own].to(images)
        images = _warp(images, maps)
        boxes = _warp(boxes, maps)
    return _change_gray(images, augmentation, count, own), boxes


def _moves(a: Augmentation) -> bool:
    return any((a.horizontal_flip, a.vertical_flip, a.rotation_deg, a.scale, a.shift))


def _draw_affine_maps(count: int, a: Augmentation) -> Tensor:
    """Return ``(N, 2, 3)`` maps from output to input coordinates in [-1, 1]."""

    def draw_within(limit: float) -> Tensor:
        return (torch.rand(count) * 2 - 1) * limit

    angle = draw_within(math.radians(a.rotation_deg))
    zoom = torch.exp(-draw_within(math.log1p(a.scale)))
    flip_x = 1 - 2 * (torch.rand(count) < a.horizontal_flip).float()
    flip_y = 1 - 2 * (torch.rand(count) < a.vertical_flip).float()
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    top = torch.stack([cosine * flip_x, -sine * flip_y, 2 * draw_within(a.shift)], dim=1)
    bottom = torch.stack([sine * flip_x, cosine * flip_y, 2 * draw_within(a.shift)], dim=1)
    return torch.stack([top, bottom], dim=1)


def _warp(images: Tensor, maps: Tensor) -> Tensor:
    grid = F.affine_grid(maps, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _change_gray(images: Tensor, a: Augmentation, count: int, own: slice) -> Tensor:
    shape = (count, 1, 1, 1)
    if a.contrast:
        log_limit = math.log1p(a.contrast)
        gamma = torch.exp((torch.rand(shape) * 2 - 1) * log_limit)[own].to(images)
        gain = torch.exp((torch.rand(shape) * 2 - 1) * log_limit * 0.5)[own].to(images)
        images = (images.clamp_min(1e-4) ** gamma * gain).clamp(0, 1)
    if a.noise:
        sigma = (torch.rand(shape) * a.noise)[own].to(images)
        noise = torch.randn((count, *images.shape[1:]), device=images.device, dtype=images.dtype)[own]
        images = (images + noise * sigma).clamp(0, 1)
    return images
