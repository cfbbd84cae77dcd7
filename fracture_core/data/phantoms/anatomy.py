"""A drawn arm from mid-forearm to fingertips: bones and soft tissue as tubes and blobs, in millimetres.

The wrist joint is the origin, x points to the ulnar side and y to the fingertips.
Sizes are those of an adult; each arm varies a little around them.
"""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Arm:
    """All that casts a shadow."""

    bones: tuple[Tube, ...]
    carpals: tuple[Blob, ...]
    flesh: tuple[Tube, ...]


# Position, half-width, half-width, cortex; times the calibre of the bone (mm at mid-shaft).
_HAND_PROFILES = {
    "metacarpal": ((0, 1.75, 1.75, 0.16), (0.08, 1.7, 1.7, 0.16), (0.24, 1.15, 1.15, 0.3), (0.5, 0.95, 0.95, 0.38),
                   (0.7, 1.08, 1.08, 0.28), (0.86, 1.6, 1.6, 0.14), (1, 1.62, 1.62, 0.14)),
    "proximal phalanx": ((0, 1.75, 1.75, 0.16), (0.1, 1.65, 1.65, 0.16), (0.3, 1.12, 1.12, 0.32), (0.55, 0.95, 0.95, 0.38),
                         (0.76, 1.0, 1.0, 0.3), (0.9, 1.34, 1.34, 0.15), (1, 1.3, 1.3, 0.15)),
    "middle phalanx": ((0, 1.85, 1.85, 0.16), (0.12, 1.7, 1.7, 0.18), (0.36, 1.06, 1.06, 0.34), (0.6, 0.92, 0.92, 0.36),
                       (0.85, 1.34, 1.34, 0.16), (1, 1.3, 1.3, 0.16)),
    "distal phalanx": ((0, 2.0, 2.0, 0.2), (0.14, 1.8, 1.8, 0.2), (0.4, 0.95, 0.95, 0.4), (0.62, 0.72, 0.72, 0.4),
                       (0.84, 1.2, 1.2, 0.3), (1, 1.1, 1.1, 0.3)),
}  # fmt: skip
_CALIBRES_MM = {"metacarpal": 4.3, "proximal phalanx": 4.2, "middle phalanx": 3.6, "distal phalanx": 2.9}
_CAPS_MM = {"metacarpal": (2.0, 6.0), "proximal phalanx": (2.0, 4.5), "middle phalanx": (1.8, 4.0), "distal phalanx": (1.8, 2.6)}
_SEGMENTS = tuple(_HAND_PROFILES)

# Base of the metacarpal (mm), direction from y (degrees, ulnar is positive), calibre, lengths of the four segments (mm).
_RAYS = (
    ((-24.5, 22.5), -36.0, 1.12, (45, 32, 0, 23)),
    ((-12.5, 30.0), -9.0, 1.0, (67, 41, 24, 18)),
    ((-2.0, 32.0), -1.0, 1.0, (65, 45, 28, 18)),
    ((7.5, 30.5), 7.0, 0.9, (58, 42, 27, 18)),
    ((15.5, 27.5), 15.0, 0.88, (54, 34, 19, 16)),
)

# Distance from the distal tip, half-width radial, half-width ulnar, cortex (mm). The tips are the styloids.
_RADIUS = (
    (0, 12.6, -8.5, 2.0), (2, 13.8, -2.0, 2.2), (4, 14.6, 5.0, 2.0), (5.5, 15.0, 11.0, 1.8), (7, 15.0, 14.0, 1.4),
    (10, 14.7, 14.3, 0.9), (21, 12.4, 12.4, 0.9), (34, 9.4, 9.2, 1.5), (60, 7.3, 7.1, 2.0), (110, 7.0, 6.8, 2.4),
    (236, 6.6, 6.6, 2.2),
)  # fmt: skip
_ULNA = (
    (0, -4.2, 7.2, 1.2), (3.5, -2.5, 7.9, 1.2), (4.5, 3.0, 8.1, 1.2), (6, 7.0, 8.1, 1.0), (12, 7.4, 7.6, 0.9), (24, 5.3, 5.3, 1.6),
    (55, 5.6, 5.6, 1.9), (120, 6.6, 6.6, 2.2), (252, 8.5, 8.5, 2.4),
)  # fmt: skip

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


def build_arm(rng: np.random.Generator) -> Arm:
    """Return a right arm, palm down, with the small differences that make it one person's."""
    size = rng.normal(1.0, 0.03)
    girth = rng.normal(1.0, 0.06)
    spread = rng.uniform(0.75, 1.3)
    rays = [_build_ray(number, spread, size, girth, rng) for number in range(1, 6)]
    bones = (_build_radius(girth, rng), _build_ulna(girth, rng), *(bone for ray in rays for bone in ray))
    return Arm(bones, _build_carpals(rays[0], rng), _build_flesh(rays, girth * rng.uniform(0.95, 1.12)))


def _build_radius(girth: float, rng: np.random.Generator) -> Tube:
    start = (rng.normal(-5.0, 1.0), -232.0)
    return Tube("radius", start, (-9.0, 4.0), _from_tip(_RADIUS, girth), (3.0, 2.0), bow_mm=rng.normal(-7.0, 1.0), flatness=0.85)


def _build_ulna(girth: float, rng: np.random.Generator) -> Tube:
    variance_mm = rng.normal(0.0, 1.2)  # the ulna ends a little short of the radius, or a little past it
    start = (rng.normal(9.0, 1.0), -254.0)
    return Tube("ulna", start, (16.0, -1.0 + variance_mm), _from_tip(_ULNA, girth), (3.0, 2.0), bow_mm=rng.normal(1.0, 1.0), flatness=0.9)


def _from_tip(rows: tuple[tuple[float, ...], ...], girth: float) -> np.ndarray:
    """Turn rows that count from the distal tip into a ``(K, 4)`` profile that counts from the start."""
    profile = np.array(rows[::-1], dtype=np.float64)
    profile[:, 0] = 1.0 - profile[:, 0] / profile[0, 0]
    profile[:, 1:] *= girth
    return profile


def _build_ray(number: int, spread: float, size: float, girth: float, rng: np.random.Generator) -> list[Tube]:
    """Return the metacarpal and the phalanges of one finger, each set at the head of the one before."""
    start, angle_deg, calibre, lengths_mm = _RAYS[number - 1]
    angle_deg = angle_deg * (0.6 + 0.4 * spread) + rng.normal(0.0, 1.5)
    curl = rng.uniform(0.93, 1.0)  # a bent finger looks shorter from the front
    ray = []
    for segment, length_mm in zip(_SEGMENTS, lengths_mm, strict=True):
        if length_mm == 0:  # the thumb has no middle phalanx
            continue
        length_mm *= size * (1.0 if segment == "metacarpal" else curl)
        bone = _build_hand_bone(segment, number, start, angle_deg, length_mm, calibre * girth, rng)
        ray.append(bone)
        start = _step(bone.end_mm, angle_deg, 1.6)
        angle_deg += rng.normal(0.0, 3.0) + (spread - 1.0) * (number - 3) * 3.0
        if number == 1:
            angle_deg += 7.0
    return ray


def _build_hand_bone(segment: str, number: int, start: Point, angle_deg: float, length_mm: float, calibre: float, rng: np.random.Generator) -> Tube:
    profile = np.array(_HAND_PROFILES[segment], dtype=np.float64)
    profile[:, 1:] *= _CALIBRES_MM[segment] * calibre * rng.normal(1.0, 0.03)
    end = _step(start, angle_deg, length_mm)
    return Tube(f"{segment} {number}", start, end, profile, _CAPS_MM[segment], bow_mm=rng.normal(0.0, 0.5), flatness=0.85)


def _step(point: Point, angle_deg: float, distance_mm: float) -> Point:
    angle_rad = np.deg2rad(angle_deg)
    return (float(point[0] + np.sin(angle_rad) * distance_mm), float(point[1] + np.cos(angle_rad) * distance_mm))


def _build_carpals(thumb: list[Tube], rng: np.random.Generator) -> tuple[Blob, ...]:
    """Return the eight carpal bones and the two sesamoids at the thumb."""
    carpals = [Blob(name, centre, radii, tilt) for name, centre, radii, tilt in _CARPALS]
    head_x, head_y = thumb[0].end_mm
    for side in (-1.0, 1.0):
        carpals.append(Blob("sesamoid", (head_x + 2.0 + 3.0 * side, head_y - 3.5), (2.3, 1.9), 40.0))
    return tuple(_vary_blob(blob, rng) for blob in carpals)


def _vary_blob(blob: Blob, rng: np.random.Generator) -> Blob:
    x_mm, y_mm = blob.centre_mm
    return replace(
        blob,
        centre_mm=(x_mm + rng.normal(0.0, 0.35), y_mm + rng.normal(0.0, 0.35)),
        tilt_deg=blob.tilt_deg + rng.normal(0.0, 4.0),
        waviness=tuple((rng.uniform(0.02, 0.05), rng.uniform(0.0, 6.28)) for _ in range(3)),
    )


def _build_flesh(rays: list[list[Tube]], girth: float) -> tuple[Tube, ...]:
    """Return forearm, wrist, palm and fingers as tubes that overlap."""
    forearm = ((0, 52, 50, 0), (0.35, 47, 46, 0), (0.65, 38, 37, 0), (0.85, 31, 30, 0), (1, 28, 27, 0))
    wrist = ((0, 27, 26, 0), (0.5, 29, 28, 0), (1, 27, 27, 0))
    tubes = [
        _flesh_tube("forearm", (2.0, -270.0), (0.0, 30.0), forearm, girth, (10.0, 30.0), 0.62),
        _flesh_tube("wrist", (0.0, -20.0), (0.0, 66.0), wrist, girth, (30.0, 30.0), 0.42),
    ]
    for number, ray in enumerate(rays, start=1):
        tubes.append(_build_palm_flesh(ray[0], girth, is_thumb=number == 1))
        tubes += _build_finger_flesh(ray[1:], girth * (1.2 if number == 1 else 1.0))
    return tuple(tubes)


def _build_palm_flesh(metacarpal: Tube, girth: float, is_thumb: bool) -> Tube:
    """Return the flesh around a metacarpal, up to the web; the thumb's reaches across to the palm."""
    rows = ((0, 14, 26, 0), (0.45, 13, 24, 0), (1, 12.5, 13, 0)) if is_thumb else ((0, 13, 13, 0), (1, 14, 14, 0))
    past_mm = 6.0 if is_thumb else 13.0
    start, end = metacarpal.point_at(-12.0), metacarpal.point_at(metacarpal.length_mm + past_mm)
    return _flesh_tube("palm", start, end, rows, girth, (14.0, 12.0), 0.6 if is_thumb else 0.85)


def _build_finger_flesh(phalanges: list[Tube], girth: float) -> list[Tube]:
    """Return one tube a bone, each reaching into the next, narrowing from the knuckle to the tip."""
    half_widths_mm = np.linspace(10.2, 7.6, len(phalanges) + 1)
    tubes = []
    for bone, base_mm, tip_mm in zip(phalanges, half_widths_mm[:-1], half_widths_mm[1:], strict=True):
        rows = ((0.0, base_mm, base_mm, 0.0), (1.0, tip_mm, tip_mm, 0.0))
        start, end = bone.point_at(-9.0), bone.point_at(bone.length_mm + 5.5)
        tubes.append(_flesh_tube("finger", start, end, rows, girth, (9.0, 8.0), 0.85))
    return tubes


def _flesh_tube(name: str, start: Point, end: Point, rows: tuple, girth: float, caps_mm: Point, flatness: float) -> Tube:
    profile = np.array(rows, dtype=np.float64)
    profile[:, 1:3] *= girth
    return Tube(name, start, end, profile, caps_mm, flatness=flatness)

