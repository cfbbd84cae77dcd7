"""The flesh around the bones of a drawn arm, as tubes that overlap."""

import numpy as np

from fracture_core.datasets.phantoms.shapes import Point, Tube
from fracture_core.datasets.phantoms.skeleton import Skeleton

# Position along the axis, half-width radial and ulnar (mm); flesh has no cortex.
_Rows = tuple[tuple[float, float, float], ...]
_FOREARM: _Rows = ((0, 52, 50), (0.35, 47, 46), (0.65, 38, 37), (0.85, 31, 30), (1, 28, 27))
_WRIST: _Rows = ((0, 27, 26), (0.5, 29, 28), (1, 27, 27))
_PALM: _Rows = ((0, 13, 13), (1, 14, 14))
_THENAR: _Rows = ((0, 14, 26), (0.45, 13, 24), (1, 12.5, 13))


def build_flesh(skeleton: Skeleton, rng: np.random.Generator) -> tuple[Tube, ...]:
    """Return forearm, wrist, palm and fingers, of a girth of their own."""
    girth = rng.normal(1.03, 0.06)
    tubes = [
        _build_tube("forearm", (2.0, -270.0), (0.0, 30.0), _FOREARM, girth, (10.0, 30.0), 0.62),
        _build_tube("wrist", (0.0, -20.0), (0.0, 66.0), _WRIST, girth, (30.0, 30.0), 0.42),
    ]
    for ray in skeleton.rays:
        is_thumb = ray is skeleton.rays[0]
        tubes.append(_build_palm(ray[0], girth, is_thumb))
        tubes += _build_finger(ray[1:], girth * (1.2 if is_thumb else 1.0))
    return tuple(tubes)


def _build_palm(metacarpal: Tube, girth: float, is_thumb: bool) -> Tube:
    """Return the flesh around a metacarpal, up to the web; the thumb's reaches across to the palm."""
    past_mm = 6.0 if is_thumb else 13.0
    start, end = metacarpal.point_at(-12.0), metacarpal.point_at(metacarpal.length_mm + past_mm)
    rows, flatness = (_THENAR, 0.6) if is_thumb else (_PALM, 0.85)
    return _build_tube("palm", start, end, rows, girth, (14.0, 12.0), flatness)


def _build_finger(phalanges: tuple[Tube, ...], girth: float) -> list[Tube]:
    """Return one tube a bone, each reaching into the next, narrowing from the knuckle to the tip."""
    half_widths_mm = np.linspace(10.2, 7.6, len(phalanges) + 1)
    tubes = []
    for bone, base_mm, tip_mm in zip(phalanges, half_widths_mm[:-1], half_widths_mm[1:], strict=True):
        start, end = bone.point_at(-9.0), bone.point_at(bone.length_mm + 5.5)
        rows = ((0, base_mm, base_mm), (1, tip_mm, tip_mm))
        tubes.append(_build_tube("finger", start, end, rows, girth, (9.0, 8.0), 0.85))
    return tubes


def _build_tube(
    name: str, start: Point, end: Point, rows: _Rows, girth: float, caps_mm: tuple[float, float], flatness: float
) -> Tube:
    profile = np.zeros((len(rows), 4))
    profile[:, :3] = rows
    profile[:, 1:] *= girth
    return Tube(name, start, end, profile, caps_mm, flatness=flatness)
