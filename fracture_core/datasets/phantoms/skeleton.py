"""The bones of a drawn arm, from mid-forearm to fingertips.

The wrist joint is the origin, x points to the ulnar side and y to the fingertips.
Sizes are those of an adult; each skeleton varies a little around them.
"""

from dataclasses import dataclass, replace

import numpy as np

from fracture_core.datasets.phantoms.shapes import Blob, Point, Tube


@dataclass(frozen=True)
class Skeleton:
    """What is seen of it.

    Attributes:
        forearm: radius and ulna.
        rays: for each finger from the thumb, the metacarpal and the phalanges.
        carpals: the short bones of the wrist, and the sesamoids of the thumb.
    """

    forearm: tuple[Tube, ...]
    rays: tuple[tuple[Tube, ...], ...]
    carpals: tuple[Blob, ...]

    @property
    def bones(self) -> tuple[Tube, ...]:
        """All long bones."""
        return (*self.forearm, *(bone for ray in self.rays for bone in ray))


# Position, half-width, half-width, cortex; times the calibre of the bone (mm at mid-shaft).
_HAND_PROFILES = {
    "metacarpal": (
        (0, 1.75, 1.75, 0.16),
        (0.08, 1.7, 1.7, 0.16),
        (0.24, 1.15, 1.15, 0.3),
        (0.5, 0.95, 0.95, 0.38),
        (0.7, 1.08, 1.08, 0.28),
        (0.86, 1.6, 1.6, 0.14),
        (1, 1.62, 1.62, 0.14),
    ),
    "proximal phalanx": (
        (0, 1.75, 1.75, 0.16),
        (0.1, 1.65, 1.65, 0.16),
        (0.3, 1.12, 1.12, 0.32),
        (0.55, 0.95, 0.95, 0.38),
        (0.76, 1.0, 1.0, 0.3),
        (0.9, 1.34, 1.34, 0.15),
        (1, 1.3, 1.3, 0.15),
    ),
    "middle phalanx": (
        (0, 1.85, 1.85, 0.16),
        (0.12, 1.7, 1.7, 0.18),
        (0.36, 1.06, 1.06, 0.34),
        (0.6, 0.92, 0.92, 0.36),
        (0.85, 1.34, 1.34, 0.16),
        (1, 1.3, 1.3, 0.16),
    ),
    "distal phalanx": (
        (0, 2.0, 2.0, 0.2),
        (0.14, 1.8, 1.8, 0.2),
        (0.4, 0.95, 0.95, 0.4),
        (0.62, 0.72, 0.72, 0.4),
        (0.84, 1.2, 1.2, 0.3),
        (1, 1.1, 1.1, 0.3),
    ),
}
_CALIBRES_MM = {"metacarpal": 4.3, "proximal phalanx": 4.2, "middle phalanx": 3.6, "distal phalanx": 2.9}
_CAPS_MM = {
    "metacarpal": (2.0, 6.0),
    "proximal phalanx": (2.0, 4.5),
    "middle phalanx": (1.8, 4.0),
    "distal phalanx": (1.8, 2.6),
}
_SEGMENTS = tuple(_HAND_PROFILES)

# Base of the metacarpal (mm), direction from y (degrees, ulnar is positive), calibre, lengths of the segments (mm).
_RAYS = (
    ((-24.5, 22.5), -36.0, 1.12, (45, 32, 0, 23)),
    ((-12.5, 30.0), -9.0, 1.0, (67, 41, 24, 18)),
    ((-2.0, 32.0), -1.0, 1.0, (65, 45, 28, 18)),
    ((7.5, 30.5), 7.0, 0.9, (58, 42, 27, 18)),
    ((15.5, 27.5), 15.0, 0.88, (54, 34, 19, 16)),
)

# Distance from the distal tip, half-width radial, half-width ulnar, cortex (mm). The tips are the styloids.
_RADIUS = (
    (0, 12.6, -8.5, 2.0),
    (2, 13.8, -2.0, 2.2),
    (4, 14.6, 5.0, 2.0),
    (5.5, 15.0, 11.0, 1.8),
    (7, 15.0, 14.0, 1.4),
    (10, 14.7, 14.3, 0.9),
    (21, 12.4, 12.4, 0.9),
    (34, 9.4, 9.2, 1.5),
    (60, 7.3, 7.1, 2.0),
    (110, 7.0, 6.8, 2.4),
    (236, 6.6, 6.6, 2.2),
)
_ULNA = (
    (0, -4.2, 7.2, 1.2),
    (3.5, -2.5, 7.9, 1.2),
    (4.5, 3.0, 8.1, 1.2),
    (6, 7.0, 8.1, 1.0),
    (12, 7.4, 7.6, 0.9),
    (24, 5.3, 5.3, 1.6),
    (55, 5.6, 5.6, 1.9),
    (120, 6.6, 6.6, 2.2),
    (252, 8.5, 8.5, 2.4),
)

# Centre, half-axes (mm), tilt of the first half-axis from x to y (degrees).
_CARPALS = (
    ("scaphoid", (-12.8, 9.2), (11.2, 6.2), 128.0),
    ("lunate", (-0.2, 5.8), (7.9, 7.0), 10.0),
    ("triquetrum", (10.8, 9.2), (7.6, 6.2), 120.0),
    ("pisiform", (14.0, 7.6), (4.4, 4.0), 0.0),
    ("trapezium", (-20.0, 18.2), (8.2, 6.6), 35.0),
    ("trapezoid", (-12.2, 23.0), (5.9, 6.9), 0.0),
    ("capitate", (-2.4, 19.8), (6.9, 12.0), 4.0),
    ("hamate", (8.6, 20.0), (7.9, 9.8), -14.0),
)


def build_skeleton(rng: np.random.Generator) -> Skeleton:
    """Return the bones of a right arm, palm down, with the small differences that make it one person's."""
    size, girth = rng.normal(1.0, 0.03), rng.normal(1.0, 0.06)
    spread = rng.uniform(0.75, 1.3)
    rays = tuple(_build_ray(number, spread, size, girth, rng) for number in range(1, 6))
    return Skeleton((_build_radius(girth, rng), _build_ulna(girth, rng)), rays, _build_carpals(rays[0][0], rng))


def _build_radius(girth: float, rng: np.random.Generator) -> Tube:
    start = (rng.normal(-5.0, 1.0), -232.0)
    profile, bow_mm = _from_tip(_RADIUS, girth), rng.normal(-7.0, 1.0)
    return Tube("radius", start, (-9.0, 4.0), profile, (3.0, 2.0), bow_mm, flatness=0.85)


def _build_ulna(girth: float, rng: np.random.Generator) -> Tube:
    variance_mm = rng.normal(0.0, 1.2)  # the ulna ends a little short of the radius, or a little past it
    start = (rng.normal(9.0, 1.0), -254.0)
    profile, bow_mm = _from_tip(_ULNA, girth), rng.normal(1.0, 1.0)
    return Tube("ulna", start, (16.0, -1.0 + variance_mm), profile, (3.0, 2.0), bow_mm, flatness=0.9)


def _from_tip(rows: tuple[tuple[float, ...], ...], girth: float) -> np.ndarray:
    """Turn rows that count from the distal tip into a ``(K, 4)`` profile that counts from the start."""
    profile = np.array(rows[::-1], dtype=np.float64)
    profile[:, 0] = 1.0 - profile[:, 0] / profile[0, 0]
    profile[:, 1:] *= girth
    return profile


def _build_ray(number: int, spread: float, size: float, girth: float, rng: np.random.Generator) -> tuple[Tube, ...]:
    """Return the metacarpal and the phalanges of one finger, each set at the head of the one before."""
    start, angle_deg, calibre, lengths_mm = _RAYS[number - 1]
    angle_deg = angle_deg * (0.6 + 0.4 * spread) + rng.normal(0.0, 1.5)
    curl = rng.uniform(0.93, 1.0)  # a bent finger looks shorter from the front
    ray = []
    for segment, length_mm in zip(_SEGMENTS, lengths_mm, strict=True):
        if length_mm == 0:  # the thumb has no middle phalanx
            continue
        end = _step(start, angle_deg, length_mm * size * (1.0 if segment == "metacarpal" else curl))
        ray.append(_build_hand_bone(segment, number, start, end, calibre * girth, rng))
        start = _step(end, angle_deg, 1.6)  # past the joint
        angle_deg += rng.normal(0.0, 3.0) + (spread - 1.0) * (number - 3) * 3.0
        if number == 1:
            angle_deg += 7.0
    return tuple(ray)


def _build_hand_bone(
    segment: str, number: int, start: Point, end: Point, girth: float, rng: np.random.Generator
) -> Tube:
    profile = np.array(_HAND_PROFILES[segment], dtype=np.float64)
    profile[:, 1:] *= _CALIBRES_MM[segment] * girth * rng.normal(1.0, 0.03)
    bow_mm = rng.normal(0.0, 0.5)
    return Tube(f"{segment} {number}", start, end, profile, _CAPS_MM[segment], bow_mm, flatness=0.85)


def _step(point: Point, angle_deg: float, distance_mm: float) -> Point:
    angle_rad = np.deg2rad(angle_deg)
    return (float(point[0] + np.sin(angle_rad) * distance_mm), float(point[1] + np.cos(angle_rad) * distance_mm))


def _build_carpals(thumb: Tube, rng: np.random.Generator) -> tuple[Blob, ...]:
    """Return the eight carpal bones and the two sesamoids at the thumb."""
    carpals = [Blob(name, centre, radii, tilt) for name, centre, radii, tilt in _CARPALS]
    head_x, head_y = thumb.end_mm
    carpals += [Blob("sesamoid", (head_x + 2.0 + 3.0 * side, head_y - 3.5), (2.3, 1.9), 40.0) for side in (-1.0, 1.0)]
    return tuple(_vary_blob(blob, rng) for blob in carpals)


def _vary_blob(blob: Blob, rng: np.random.Generator) -> Blob:
    x_mm, y_mm = blob.centre_mm
    return replace(
        blob,
        centre_mm=(x_mm + rng.normal(0.0, 0.35), y_mm + rng.normal(0.0, 0.35)),
        tilt_deg=blob.tilt_deg + rng.normal(0.0, 4.0),
        waviness=tuple((rng.uniform(0.02, 0.05), rng.uniform(0.0, 6.28)) for _ in range(3)),
    )
