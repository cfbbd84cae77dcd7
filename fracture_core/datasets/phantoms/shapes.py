"""The two shapes that a drawn arm is made of."""

from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]


@dataclass(frozen=True)
class Tube:
    """A long bone, or a stretch of soft tissue, seen from the front.

    Attributes:
        name: such as "radius" or "metacarpal 3".
        start_mm, end_mm: its axis, from proximal to distal.
        profile: ``(K, 4)`` rows of position along the axis (0 to 1), half-width on the
            radial and on the ulnar side of the axis, and cortex (all mm).
        caps_mm: length over which the start and the end round off.
        bow_mm: how far the middle of the axis bows to the ulnar side.
        flatness: depth over width.
    """

    name: str
    start_mm: Point
    end_mm: Point
    profile: np.ndarray
    caps_mm: tuple[float, float]
    bow_mm: float = 0.0
    flatness: float = 1.0

    @property
    def length_mm(self) -> float:
        """Length of the axis, from start to end."""
        return float(np.hypot(self.end_mm[0] - self.start_mm[0], self.end_mm[1] - self.start_mm[1]))

    def point_at(self, distance_mm: float) -> Point:
        """Return the point of the axis at a distance from its start, which may lie beyond either end."""
        share = distance_mm / self.length_mm
        (x0, y0), (x1, y1) = self.start_mm, self.end_mm
        return (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)


@dataclass(frozen=True)
class Blob:
    """A short bone: an ellipse with a waviness, seen from the front.

    Attributes:
        centre_mm, radii_mm: middle and half-axes.
        tilt_deg: turn of the first half-axis from x towards y.
        waviness: amplitude and phase (rad) of the second and following harmonics of its outline.
    """

    name: str
    centre_mm: Point
    radii_mm: Point
    tilt_deg: float
    waviness: tuple[Point, ...] = ()
