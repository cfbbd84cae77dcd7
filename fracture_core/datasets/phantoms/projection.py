"""The shadow of bones and flesh: how many millimetres of each a ray crosses.

A ray crosses a long stretch of a bone's wall near the edges and a short one in the
middle, so the cortex is bright at the sides and the marrow dark, as on film.
"""

from dataclasses import dataclass

import numpy as np

from fracture_core.datasets.phantoms.breaks import Break
from fracture_core.datasets.phantoms.shapes import Blob, Point, Tube
from fracture_core.datasets.phantoms.view import View, Window

_STEPS_PER_MM = 4  # along the axis of a tube
_ROUNDING_MM = 2.4  # over which the corners of a profile are rounded off


@dataclass(frozen=True)
class Shadow:
    """What one bone adds to the image within a window; ``(h, w)`` float32, mm of compact and spongy bone."""

    window: Window
    compact_mm: np.ndarray
    spongy_mm: np.ndarray


def project_bone(tube: Tube, view: View) -> Shadow:
    """Return the shadow of a whole long bone."""
    window = _window_of(tube, view)
    along_mm, across_mm = view.coordinates_mm(window, tube.start_mm, _direction(tube))
    return Shadow(window, *_Lathe(tube).cross(along_mm, across_mm))


def project_break(tube: Tube, view: View, broken: Break) -> Shadow:
    """Return what a break changes in the shadow of a long bone: more in some places, less in others."""
    ends = tuple(tube.point_at(broken.at_mm + side * broken.reach_mm) for side in (-1.0, 1.0))
    window = view.window(ends, _reach_mm(tube) + abs(broken.slip_mm) + abs(broken.bend_mm))
    along_mm, across_mm = view.coordinates_mm(window, tube.start_mm, _direction(tube))
    lathe = _Lathe(tube)
    compact, spongy = (-bone_mm for bone_mm in lathe.cross(along_mm, across_mm))
    for fragment in broken.fragments(along_mm, across_mm, 1.0 / view.px_per_mm):
        more_compact, more_spongy = lathe.cross(fragment.along_mm, fragment.across_mm)
        compact += more_compact * fragment.share
        spongy += more_spongy * fragment.share
    return Shadow(window, compact, spongy)


def project_flesh(tubes: tuple[Tube, ...], view: View) -> np.ndarray:
    """Return ``(H, W)`` float32, the mm of flesh that each ray crosses."""
    powers = np.zeros(view.shape, dtype=np.float32)
    for tube in tubes:
        window = _window_of(tube, view)
        along_mm, across_mm = view.coordinates_mm(window, tube.start_mm, _direction(tube))
        powers[window] += _Lathe(tube).depth_mm(along_mm, across_mm) ** 4
    return powers**0.25  # near the larger of two that overlap, without a seam


def project_carpal(blob: Blob, view: View, rim_mm: float = 1.0) -> Shadow:
    """Return the shadow of a short bone: a thin rim around spongy bone."""
    window = view.window((blob.centre_mm,), max(blob.radii_mm) * 1.25 + 1.0)
    tilt_rad = np.deg2rad(blob.tilt_deg)
    direction = (float(np.cos(tilt_rad)), float(np.sin(tilt_rad)))
    along_mm, across_mm = view.coordinates_mm(window, blob.centre_mm, direction)
    along, across = along_mm / blob.radii_mm[0], across_mm / blob.radii_mm[1]
    angle = np.arctan2(across, along)
    outline = 1.0 + sum(a * np.cos(k * angle + phase) for k, (a, phase) in enumerate(blob.waviness, start=2))
    rho_squared = (along**2 + across**2) / outline**2
    depth_mm = 2.0 * min(blob.radii_mm) * 0.7
    core = max(1.0 - rim_mm / min(blob.radii_mm), 0.2)
    # The fourth power: a carpal bone is a block with rounded edges rather than a ball.
    outer_mm = np.sqrt(np.maximum(1.0 - rho_squared**2, 0.0)) * depth_mm
    inner_mm = np.sqrt(np.maximum(1.0 - rho_squared**2 / core**4, 0.0)) * (depth_mm - rim_mm)
    return Shadow(window, np.maximum(outer_mm - inner_mm, 0.0) * 0.7, inner_mm)


def _window_of(tube: Tube, view: View) -> Window:
    return view.window((tube.start_mm, tube.end_mm), _reach_mm(tube))


def _direction(tube: Tube) -> Point:
    (x0, y0), (x1, y1) = tube.start_mm, tube.end_mm
    return ((x1 - x0) / tube.length_mm, (y1 - y0) / tube.length_mm)


def _reach_mm(tube: Tube) -> float:
    """Return how far a tube reaches from its axis."""
    return float(tube.profile[:, 1:3].max()) + abs(tube.bow_mm) + 1.0


class _Lathe:
    """A tube's shape, tabulated along its axis, and the rays through it."""

    def __init__(self, tube: Tube) -> None:
        self._steps = round(tube.length_mm * _STEPS_PER_MM) + 1
        position = np.linspace(0.0, 1.0, self._steps)
        from_start, to_end = position * tube.length_mm, (1.0 - position) * tube.length_mm
        left, right, cortex = _round_off(tube, self._steps)
        outer = np.maximum((left + right) / 2, 0.0) * _cap(from_start, tube.caps_mm[0]) * _cap(to_end, tube.caps_mm[1])
        inner = np.maximum(outer - cortex, 0.0) * ((from_start > cortex) & (to_end > cortex))
        # A wide end is broad rather than round, and its marrow is full of trabeculae.
        widening = np.maximum(outer / outer[self._steps // 4 : -self._steps // 4].min(), 1.0)
        centre = (right - left) / 2 + tube.bow_mm * 4.0 * position * (1.0 - position)
        sponge = 0.2 + 0.8 * np.clip((widening - 1.0) * 1.2, 0.0, 1.0)
        self._steps_per_mm = np.float32((self._steps - 1) / tube.length_mm)
        self._centre, self._outer_squared, self._inner_squared, self._depth, self._sponge = (
            table.astype(np.float32)
            for table in (centre, outer**2, inner**2, 2.0 * tube.flatness * widening**-0.35, sponge)
        )

    def cross(self, along_mm: np.ndarray, across_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mm of compact and of spongy bone on the ray at each place."""
        index, aside_squared = self._locate(along_mm, across_mm)
        depth = self._depth[index]
        outer_mm = np.sqrt(np.maximum(self._outer_squared[index] - aside_squared, 0.0)) * depth
        inner_mm = np.sqrt(np.maximum(self._inner_squared[index] - aside_squared, 0.0)) * depth
        return outer_mm - inner_mm, inner_mm * self._sponge[index]

    def depth_mm(self, along_mm: np.ndarray, across_mm: np.ndarray) -> np.ndarray:
        """Return the mm from front to back at each place."""
        index, aside_squared = self._locate(along_mm, across_mm)
        depth_mm: np.ndarray = np.sqrt(np.maximum(self._outer_squared[index] - aside_squared, 0.0)) * self._depth[index]
        return depth_mm

    def _locate(self, along_mm: np.ndarray, across_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        index = np.clip(along_mm * self._steps_per_mm, 0, self._steps - 1).astype(np.int32)
        return index, (across_mm - self._centre[index]) ** 2


def _round_off(tube: Tube, steps: int) -> list[np.ndarray]:
    """Return the columns of the profile at each step along the axis, without their corners."""
    half = round(_ROUNDING_MM * _STEPS_PER_MM / 2)
    position = np.arange(-half, steps + half) / (steps - 1)
    weights = np.hanning(2 * half + 3)[1:-1]
    weights /= weights.sum()
    columns = (np.interp(position, tube.profile[:, 0], column) for column in tube.profile[:, 1:].T)
    return [np.convolve(column, weights, mode="valid") for column in columns]


def _cap(distance_mm: np.ndarray, length_mm: float) -> np.ndarray:
    """Return a quarter ellipse that rises from 0 at the tip to 1 at ``length_mm``."""
    return np.sqrt(np.maximum(1.0 - (1.0 - np.minimum(distance_mm / length_mm, 1.0)) ** 2, 0.0))
