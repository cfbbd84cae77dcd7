"""Lay one picture over another, and measure whether their fine detail agrees.

Two hands of two people have one outline, and plates of one scanner share stripes.
What tells a copy is that, once it lies over the other, detail of some pixels in
size agrees all over the picture. Pictures are compared in batches on the CPU.

Source: Baker & Matthews 2004, "Lucas-Kanade 20 years on", the inverse compositional
algorithm with an affine warp, here from coarse to fine.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

SIDE_PX = 128
# Chosen by looking at pairs (docs/audit.md): alike arms on one scanner reach 0.67, drawn phantoms of one anatomy 0.714.
COPY_AGREEMENT = 0.73
_COARSE, _FINE = ((32, 6), (64, 5)), (128, 2)  # side in px, steps
_WORTH_A_CLOSER_LOOK = 0.5  # agreement at 64 px; copies lie above 0.7
_SURROUND_PX = 3  # radius, at every level
_LEAST_OVERLAP = 0.08  # of the picture; less proves nothing
_LEAST_SEEN = 0.3
_LEAST_EVENNESS = 0.93  # a copy is turned and cropped; what must be bent to fit is another limb
_FILLED = (1, 254)  # grey levels outside are fill or overexposed: no detail
_BATCH = 64
_Pictures = tuple[Tensor, Tensor, Tensor, Tensor]  # two pictures, and where each shows something


def measure_agreement(first: np.ndarray, second: np.ndarray, placements: np.ndarray) -> np.ndarray:
    """Return how well the fine detail agrees, best laid one over the other.

    Args:
        first: ``(N, 128, 128)`` uint8.
        second: ``(N, 128, 128)`` uint8, not inverted.
        placements: ``(N, 2, 3)`` float32, where each point of the first lies in the
            second at the start, in coordinates from -1 to 1.

    Returns:
        ``(N,)`` correlation of detail in [-1, 1]; -1 where they hardly overlap.
    """
    parts = [
        _measure_batch(*(torch.from_numpy(np.array(a[i : i + _BATCH])) for a in (first, second, placements)))
        for i in range(0, len(first), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def place_turned(angles_deg: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Return ``(N, 2, 3)`` placements that turn the second picture counter-clockwise, mirrored left to right first."""
    angle = np.deg2rad(angles_deg)
    cos, sin, flip = np.cos(angle), np.sin(angle), np.where(mirrored, -1.0, 1.0)
    zero = np.zeros_like(cos)
    rows = [[flip * cos, -flip * sin, zero], [sin, cos, zero]]
    return np.moveaxis(np.array(rows), 2, 0).astype(np.float32)


@torch.inference_mode()
def _measure_batch(first: Tensor, second: Tensor, placements: Tensor) -> np.ndarray:
    one, other = (picture[:, None].to(torch.float32) for picture in (first, second))
    seen_one, seen_other = (_mark_seen(picture) for picture in (one, other))
    whole = (one, other, seen_one, seen_other)
    placed, coarse = placements, whole
    for level, (side_px, steps) in enumerate(_COARSE):
        coarse = _map_pictures(partial(_shrink, side_px=side_px), whole)
        placed = _refine(*coarse, _shift(*coarse[:2], placed) if level == 0 else placed, steps)
    agreement = _correlate(*coarse, placed)
    closer = agreement > _WORTH_A_CLOSER_LOOK
    if closer.any():
        kept = _map_pictures(lambda picture: picture[closer], whole)
        fine = _refine(*kept, placed[closer], _FINE[1])
        as_before = _measure_evenness(fine) > _LEAST_EVENNESS
        agreement[closer] = torch.where(as_before, _correlate(*kept, fine), _WORTH_A_CLOSER_LOOK)
    return torch.where(closer, agreement, agreement.clamp(max=_WORTH_A_CLOSER_LOOK)).numpy()


def _map_pictures(change: Callable[[Tensor], Tensor], pictures: _Pictures) -> _Pictures:
    one, other, seen_one, seen_other = pictures
    return change(one), change(other), change(seen_one), change(seen_other)


def _measure_evenness(placed: Tensor) -> Tensor:
    """Return ``(N,)`` the smaller stretch of a placement by the larger; 1 for a turn, whatever its scale."""
    stretches = torch.linalg.svdvals(placed[:, :, :2])
    evenness: Tensor = stretches[:, 1] / stretches[:, 0].clamp(min=1e-6)
    return evenness


def _mark_seen(picture: Tensor) -> Tensor:
    """Return 1 where there is a picture, 0 in fill; one that is nearly all black or white counts as a whole."""
    seen = ((picture > _FILLED[0]) & (picture < _FILLED[1])).to(torch.float32)
    return torch.where(seen.mean((2, 3), keepdim=True) < _LEAST_SEEN, 1.0, seen)


def _shift(one: Tensor, other: Tensor, placed: Tensor) -> Tensor:
    """Return the placements moved by the peak of the phase correlation, at most a fifth of the side."""
    side = one.shape[-1]
    one, other = (_average(_take_detail(picture), 1) for picture in (one, other))
    window = torch.hann_window(side + 2, periodic=False)[1:-1]
    window = window[:, None] * window
    cross = torch.fft.rfft2(one * window) * torch.fft.rfft2(_warp(other, placed) * window).conj()
    peaks = torch.fft.irfft2(cross / (cross.abs().sqrt() + 1e-6), s=(side, side))[:, 0]
    reach = side // 5
    near = torch.roll(peaks, (reach, reach), (1, 2))[:, : 2 * reach + 1, : 2 * reach + 1]
    best = near.flatten(1).argmax(1)
    rows, columns = best // (2 * reach + 1) - reach, best % (2 * reach + 1) - reach
    # The peak says where the second must move to; a placement says where to look in it.
    moves = -torch.stack([columns, rows], 1).to(torch.float32) * 2 / side
    return torch.cat([placed[:, :, :2], placed[:, :, 2:] + placed[:, :, :2] @ moves[:, :, None]], 2)


def _refine(one: Tensor, other: Tensor, seen_one: Tensor, seen_other: Tensor, placed: Tensor, steps: int) -> Tensor:
    """Return the placements after some Gauss-Newton steps on the difference of detail."""
    count, _, side, _ = one.shape
    one, other = (_average(_take_detail(picture), 1) for picture in (one, other))
    steepest = _build_steepest(one)
    for _ in range(steps):
        difference = _warp(other, placed) - one
        weight = (seen_one * _warp(seen_other, placed) > 0.9).to(torch.float32)
        weighted = (steepest * weight).flatten(2)  # (N, 6, pixels)
        normal = weighted @ steepest.flatten(2).transpose(1, 2) + torch.eye(6) * (side * side * 1e-4)
        step = torch.linalg.solve(normal, weighted @ difference.flatten(2).transpose(1, 2))[:, :, 0]
        placed = _compose(placed, step.clamp(-0.3, 0.3).reshape(count, 2, 3))
    return placed


def _build_steepest(picture: Tensor) -> Tensor:
    """Return ``(N, 6, S, S)``: how the picture changes with each number of an affine placement."""
    side = picture.shape[-1]
    down, right = torch.gradient(picture[:, 0], dim=(1, 2))
    line = (torch.arange(side) * 2 + 1) / side - 1
    x, y = line[None, None, :], line[None, :, None]
    parts = [gradient * (side / 2) * by for gradient in (right, down) for by in (x, y, torch.ones(1, 1, 1))]
    return torch.stack(parts, 1)


def _compose(placed: Tensor, step: Tensor) -> Tensor:
    """Return ``placed`` after the inverse of ``step``."""
    bottom = torch.tensor([0.0, 0.0, 1.0]).expand(len(placed), 1, 3)
    change = torch.cat([step, torch.zeros_like(bottom)], 1) + torch.eye(3)
    composed: Tensor = torch.cat([placed, bottom], 1) @ torch.linalg.inv(change)
    return composed[:, :2]


def _correlate(one: Tensor, other: Tensor, seen_one: Tensor, seen_other: Tensor, placed: Tensor) -> Tensor:
    inside = _warp(torch.ones_like(other), placed) > 0.99
    seen = (seen_one * _warp(seen_other, placed) > 0.9) & inside
    # What the surround of a pixel holds must be seen as well.
    weight = (_average(seen.to(torch.float32), _SURROUND_PX) > 0.999).to(torch.float32)
    moved = torch.where(inside, _warp(other, placed), 0.0)
    detail_one, detail_other = _take_detail(one), _take_detail(moved)
    total = weight.sum((1, 2, 3)).clamp(min=1)

    def centre(detail: Tensor) -> Tensor:
        return (detail - (detail * weight).sum((1, 2, 3), keepdim=True) / total[:, None, None, None]) * weight

    a, b = centre(detail_one), centre(detail_other)
    product = (a * b).sum((1, 2, 3)) / ((a * a).sum((1, 2, 3)) * (b * b).sum((1, 2, 3)) + 1e-9).sqrt()
    return torch.where(total / one.shape[-1] ** 2 >= _LEAST_OVERLAP, product, -1.0)


def _take_detail(picture: Tensor) -> Tensor:
    """Return the picture less its surround, in units of the contrast there: gamma makes no difference."""
    detail = picture - _average(picture, _SURROUND_PX)
    spread = _average(detail * detail, _SURROUND_PX).clamp(min=0).sqrt()
    return detail / (spread + 0.3 * spread.mean((2, 3), keepdim=True) + 1e-3)


def _average(picture: Tensor, radius_px: int) -> Tensor:
    """Return the mean over a square of ``2 * radius_px + 1``; sums of shifted rows are faster than torch's pooling."""
    padded = functional.pad(picture, [radius_px] * 4, mode="replicate")
    width = 2 * radius_px + 1
    rows, columns = picture.shape[-2:]
    down = _add_up([padded[:, :, start : start + rows] for start in range(width)])
    return _add_up([down[..., start : start + columns] for start in range(width)]) / width**2


def _add_up(parts: list[Tensor]) -> Tensor:
    return sum(parts[1:], parts[0])


def _shrink(picture: Tensor, side_px: int) -> Tensor:
    factor = picture.shape[-1] // side_px
    return picture.reshape(*picture.shape[:2], side_px, factor, side_px, factor).mean((3, 5))


def _warp(picture: Tensor, placed: Tensor) -> Tensor:
    grid = functional.affine_grid(placed, list(picture.shape), align_corners=False)
    return functional.grid_sample(picture, grid, align_corners=False, padding_mode="zeros")
