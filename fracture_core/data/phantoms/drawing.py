"""Draws one phantom: an arm, a view of it, perhaps a break, and the image of all that."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fracture_core.data.phantoms.anatomy import Arm, Tube, build_arm
from fracture_core.data.phantoms.breaks import Break, make_break
from fracture_core.data.phantoms.exposure import choose_technique, expose, make_mottle, stamp_marker
from fracture_core.data.phantoms.projection import Shadow, project_bone, project_break, project_carpal, project_flesh
from fracture_core.data.phantoms.view import View

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
        fractured: whether to break a bone, sometimes two.
        size_px: length of the longer side.

    Raises:
        ValueError: the region is not one of ``REGIONS``.
    """
    if region not in REGIONS:
        raise ValueError(f"region is {region!r}, expected one of {REGIONS}.")
    streams = [np.random.default_rng((seed, REGIONS.index(region), stream)) for stream in range(4)]
    anatomy, pose, injury, exposure = streams
    arm = build_arm(anatomy)
    view = _choose_view(region, size_px, pose)
    flesh_mm = project_flesh(arm.flesh, view.scaled(_FLESH_SHARE))
    bone_mm = _project_bones(arm, view)
    changes = [project_break(bone, view, broken) for bone, broken in _choose_breaks(arm, region, injury)]
    if fractured:
        for change in changes:
            _cast(change, bone_mm)
    attenuation = _attenuate(flesh_mm, bone_mm, view, exposure)
    pixels = expose(attenuation, choose_technique(exposure, _EXPOSURES[region], size_px), exposure)
    stamp_marker(pixels, "L" if view.mirrored else "R", flesh_mm)
    boxes = tuple(_find_box(change, view) for change in changes) if fractured else ()
    return Phantom(pixels, boxes, region, fractured)


def _choose_view(region: str, size_px: int, rng: np.random.Generator) -> View:
    short_px = round(size_px * (rng.uniform(0.66, 0.8) if region == "forearm" else rng.uniform(0.76, 0.9)))
    landscape = rng.random() < 0.2
    turn_deg = rng.normal(0.0, 5.0) + (90.0 * rng.choice((-1, 1)) if landscape else 180.0 * (rng.random() < 0.15))
    middle, field_mm = ((2.0, -46.0), rng.uniform(145.0, 170.0)) if region == "forearm" else ((-7.0, 90.0), rng.uniform(206.0, 226.0))
    centre = (middle[0] + rng.normal(0.0, 3.0), middle[1] + rng.normal(0.0, 4.0))
    width_px, height_px = (size_px, short_px) if landscape else (short_px, size_px)
    return View(width_px, height_px, size_px / field_mm, centre, float(np.deg2rad(turn_deg)), bool(rng.random() < 0.5))


def _choose_breaks(arm: Arm, region: str, rng: np.random.Generator) -> list[tuple[Tube, Break]]:
    bones = {bone.name: bone for bone in arm.bones}
    breaks = []
    for name, from_tip in _choose_forearm_sites(rng) if region == "forearm" else _choose_hand_sites(rng):
        bone = bones[name]
        left, right = (np.interp(1.0 - from_tip, bone.profile[:, 0], bone.profile[:, column]) for column in (1, 2))
        room_mm = bone.length_mm * min(from_tip, 1.0 - from_tip)
        breaks.append((bone, make_break(bone.length_mm * (1.0 - from_tip), min(float(left + right), 15.0), room_mm, rng)))
    return breaks


def _choose_forearm_sites(rng: np.random.Generator) -> list[tuple[str, float]]:
    """Return bones and how far from the distal tip, as a share of the length."""
    kind = rng.choice(4, p=(0.3, 0.15, 0.1, 0.45))
    near_wrist, shaft = rng.uniform(0.1, 0.17), rng.uniform(0.2, 0.4)
    if kind == 0:
        return [("radius", near_wrist)]
    if kind == 3:
        return [("radius", shaft), ("ulna", float(np.clip(shaft + rng.normal(0.0, 0.05), 0.15, 0.4)))]
    return [("radius" if kind == 1 else "ulna", shaft)]


def _choose_hand_sites(rng: np.random.Generator) -> list[tuple[str, float]]:
    """Return bones and how far from the distal tip; neighbouring metacarpals often break together."""
    first, count = int(rng.integers(1, 6)), int(rng.choice(3, p=(0.2, 0.4, 0.4))) + 1
    if rng.random() < 0.2:
        return [(f"proximal phalanx {first}", rng.uniform(0.35, 0.65))]
    first = min(first, 6 - count)
    return [(f"metacarpal {first + step}", rng.uniform(0.3, 0.65)) for step in range(count)]


def _project_bones(arm: Arm, view: View) -> np.ndarray:
    """Return ``(2, H, W)`` float32, the mm of compact and spongy bone on each ray."""
    bone_mm = np.zeros((2, *view.shape), dtype=np.float32)
    shadows = [project_bone(tube, view) for tube in arm.bones]
    shadows += [project_carpal(blob, view) for blob in arm.carpals]
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
        (max(span.start + int(hits[0]) - margin_px, 0), min(span.start + int(hits[-1]) + 1 + margin_px, limit_px))
        for span, hits, limit_px in zip(
            change.window, (np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))), view.shape, strict=True
        )
    )
    return (left, top, right - left, bottom - top)


def _attenuate(flesh_mm: np.ndarray, bone_mm: np.ndarray, view: View, rng: np.random.Generator) -> np.ndarray:
    """Add up flesh, with the mottle of muscle and fat, and bone, with the grain of trabeculae."""
    coarse_px_per_mm = view.px_per_mm * _FLESH_SHARE
    muscle = 1.0 + 0.035 * make_mottle(flesh_mm.shape, 22.0 * coarse_px_per_mm, rng)
    muscle += 0.02 * make_mottle(flesh_mm.shape, 5.0 * coarse_px_per_mm, rng)
    fine_mm = np.asarray(Image.fromarray(flesh_mm * muscle).resize(view.shape[::-1], Image.Resampling.BICUBIC))
    trabeculae = 1.0 + 0.11 * make_mottle(view.shape, 1.1 * view.px_per_mm, rng)
    compact_mm, spongy_mm = bone_mm
    fine_mm = np.maximum(fine_mm, 0.0)  # the resampling dips below zero at the skin
    return fine_mm * _FLESH_PER_MM + compact_mm * _COMPACT_PER_MM + spongy_mm * trabeculae * _SPONGY_PER_MM
