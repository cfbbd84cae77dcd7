"""Draws one phantom: an arm, a view of it, perhaps a break, and the image of all that."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fracture_core.datasets.phantoms.exposure import choose_technique, expose, make_mottle, stamp_marker
from fracture_core.datasets.phantoms.flesh import build_flesh
from fracture_core.datasets.phantoms.injuries import injure
from fracture_core.datasets.phantoms.projection import (
    Shadow,
    project_bone,
    project_break,
    project_carpal,
    project_flesh,
)
from fracture_core.datasets.phantoms.skeleton import Skeleton, build_skeleton
from fracture_core.datasets.phantoms.view import View, choose_view

REGIONS = ("forearm", "hand")
Box = tuple[int, int, int, int]

# Attenuation for each millimetre that a ray crosses.
_COMPACT_PER_MM = 0.105
_SPONGY_PER_MM = 0.04
_FLESH_PER_MM = 0.0078
_EXPOSURES = {"forearm": 1.05, "hand": 1.45}  # the thin hand is taken softer
_FLESH_SHARE = 0.25  # flesh has no fine detail, a quarter of the pixels a side will do
_VISIBLE = 0.02  # attenuation; a break's box holds every larger change


@dataclass(frozen=True, eq=False)
class Phantom:
    """A drawn image that looks like a radiograph and is of no clinical value.

    Attributes:
        pixels: ``(H, W)`` float32 in [0, 1]; 0 is air, 1 is dense bone.
        boxes: ``(x, y, width, height)`` px of each break; none without a break.
        region: one of ``REGIONS``.
        fractured: whether a bone is broken.
    """

    pixels: np.ndarray
    boxes: tuple[Box, ...]
    region: str
    fractured: bool


def draw_phantom(seed: int, *, region: str, fractured: bool, size_px: int = 512) -> Phantom:
    """Draw a phantom.

    The same seed and region give the same arm, view and exposure; only the break is
    there or not. Pose, exposure and grain therefore tell nothing about the label.

    Args:
        seed: 0 or more; the same arguments give the same bytes.
        region: one of ``REGIONS``.
        fractured: whether to break a bone, sometimes more than one.
        size_px: length of the longer side.

    Raises:
        ValueError: the region is not one of ``REGIONS``.
    """
    if region not in REGIONS:
        raise ValueError(f"region is {region!r}, expected one of {REGIONS}.")
    # A stream of chance for each step, so that a break changes nothing but itself.
    key = (seed, REGIONS.index(region))
    anatomy, pose, injury, exposure = (np.random.default_rng((*key, stream)) for stream in range(4))
    skeleton, view = build_skeleton(anatomy), choose_view(region, size_px, pose)
    technique = choose_technique(exposure, _EXPOSURES[region], size_px)
    flesh_mm = project_flesh(build_flesh(skeleton, anatomy), view.scaled(_FLESH_SHARE))
    bone_mm = _project_bones(skeleton, view)
    breaks = injure(skeleton, region, injury) if fractured else []
    changes = [project_break(bone, view, broken) for bone, broken in breaks]
    for change in changes:
        _cast(change, bone_mm)
    pixels = expose(_attenuate(flesh_mm, bone_mm, view, exposure), technique, exposure)
    stamp_marker(pixels, "L" if view.mirrored else "R", flesh_mm)
    return Phantom(pixels, tuple(_find_box(change, view) for change in changes), region, fractured)


def _project_bones(skeleton: Skeleton, view: View) -> np.ndarray:
    """Return ``(2, H, W)`` float32, the mm of compact and spongy bone on each ray."""
    bone_mm = np.zeros((2, *view.shape), dtype=np.float32)
    shadows = [project_bone(tube, view) for tube in skeleton.bones]
    shadows += [project_carpal(blob, view) for blob in skeleton.carpals]
    for shadow in shadows:
        _cast(shadow, bone_mm)
    return bone_mm


def _cast(shadow: Shadow, bone_mm: np.ndarray) -> None:
    bone_mm[0][shadow.window] += shadow.compact_mm
    bone_mm[1][shadow.window] += shadow.spongy_mm


def _find_box(change: Shadow, view: View, margin_px: int = 2) -> Box:
    """Return the box around all that a break visibly changed."""
    visible = np.abs(change.compact_mm * _COMPACT_PER_MM + change.spongy_mm * _SPONGY_PER_MM) > _VISIBLE
    (top, bottom), (left, right) = (
        _widen(np.flatnonzero(visible.any(axis=1 - axis)) + change.window[axis].start, margin_px, view.shape[axis])
        for axis in (0, 1)
    )
    return (left, top, right - left, bottom - top)


def _widen(changed_px: np.ndarray, margin_px: int, size_px: int) -> tuple[int, int]:
    return max(int(changed_px[0]) - margin_px, 0), min(int(changed_px[-1]) + 1 + margin_px, size_px)


def _attenuate(flesh_mm: np.ndarray, bone_mm: np.ndarray, view: View, rng: np.random.Generator) -> np.ndarray:
    """Add up flesh, with the mottle of muscle and fat, and bone, with the grain of trabeculae."""
    coarse_px_per_mm = view.px_per_mm * _FLESH_SHARE
    muscle = 1.0 + 0.035 * make_mottle(flesh_mm.shape, 22.0 * coarse_px_per_mm, rng)
    muscle += 0.02 * make_mottle(flesh_mm.shape, 5.0 * coarse_px_per_mm, rng)
    fine_mm = np.asarray(Image.fromarray(flesh_mm * muscle).resize(view.shape[::-1], Image.Resampling.BICUBIC))
    trabeculae = 1.0 + 0.11 * make_mottle(view.shape, 1.1 * view.px_per_mm, rng)
    compact_mm, spongy_mm = bone_mm
    fine_mm = np.maximum(fine_mm, 0.0)  # the resampling dips below zero at the skin
    attenuation: np.ndarray = (
        fine_mm * _FLESH_PER_MM + compact_mm * _COMPACT_PER_MM + spongy_mm * trabeculae * _SPONGY_PER_MM
    )
    return attenuation
