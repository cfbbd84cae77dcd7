"""Which bones of a drawn arm break, where and how."""

import numpy as np

from fracture_core.datasets.phantoms.breaks import Break
from fracture_core.datasets.phantoms.shapes import Tube
from fracture_core.datasets.phantoms.skeleton import Skeleton

FORMS = ("transverse", "oblique", "comminuted")
_TURN_RAD = 2 * np.pi
_Site = tuple[str, float]  # bone, and how far from its distal tip as a share of its length


def injure(skeleton: Skeleton, region: str, rng: np.random.Generator) -> list[tuple[Tube, Break]]:
    """Return one to four bones of a region, each with its break."""
    bones = {bone.name: bone for bone in skeleton.bones}
    sites = _choose_forearm_sites(rng) if region == "forearm" else _choose_hand_sites(rng)
    return [(bones[name], _break_bone(bones[name], from_tip, rng)) for name, from_tip in sites]


def _choose_forearm_sites(rng: np.random.Generator) -> list[_Site]:
    near_wrist, shaft = rng.uniform(0.1, 0.17), rng.uniform(0.2, 0.38)
    match rng.choice(4, p=(0.3, 0.15, 0.1, 0.45)):
        case 0:
            return [("radius", near_wrist)]
        case 1:
            return [("radius", shaft)]
        case 2:
            return [("ulna", shaft * 0.95)]
        case _:  # both bones, at about one height
            return [("radius", shaft), ("ulna", float(np.clip(shaft + rng.normal(0.0, 0.04), 0.15, 0.36)))]


def _choose_hand_sites(rng: np.random.Generator) -> list[_Site]:
    """Choose one finger's first phalanx, or a metacarpal and often its neighbours."""
    first, count = int(rng.integers(1, 6)), int(rng.choice((1, 2, 3, 4), p=(0.15, 0.25, 0.35, 0.25)))
    if rng.random() < 0.15:
        return [(f"proximal phalanx {first}", rng.uniform(0.35, 0.65))]
    first = min(first, 6 - count)
    return [(f"metacarpal {first + step}", rng.uniform(0.3, 0.65)) for step in range(count)]


def _break_bone(bone: Tube, from_tip: float, rng: np.random.Generator) -> Break:
    """Return a break of a random form; one in five is subtle, with a small step and a thin line."""
    form = FORMS[rng.choice(3, p=(0.4, 0.35, 0.25))]
    severity = rng.uniform(0.25, 0.45) if rng.random() < 0.2 else rng.uniform(0.7, 1.0)
    calibre_mm = _measure_calibre_mm(bone, 1.0 - from_tip)
    drift_mm = severity * (0.8 * calibre_mm + 6.5)  # small bones are driven further apart for their size
    # The joints stay where they are.
    reach_mm = min(calibre_mm * rng.uniform(2.4, 3.4), bone.length_mm * min(from_tip, 1.0 - from_tip))
    return Break(
        at_mm=bone.length_mm * (1.0 - from_tip),
        calibre_mm=calibre_mm,
        slope=(rng.uniform(0.6, 1.1) if form == "oblique" else rng.uniform(0.0, 0.25)) * _toss(rng),
        jags=_draw_jags(calibre_mm, rng),
        gap_mm=0.4 + 2.0 * severity,
        slip_mm=drift_mm * rng.uniform(0.3, 0.65) * _toss(rng),
        bend_mm=min(drift_mm * rng.uniform(0.25, 0.5), 0.24 * reach_mm) * _toss(rng),
        overlap_mm=drift_mm * rng.uniform(-0.1, 0.1),
        reach_mm=reach_mm,
        wedge_mm=min(calibre_mm * rng.uniform(0.9, 1.4), 0.7 * reach_mm) if form == "comminuted" else 0.0,
        side=_toss(rng),
    )


def _toss(rng: np.random.Generator) -> float:
    return float(rng.choice((-1.0, 1.0)))


def _measure_calibre_mm(bone: Tube, position: float) -> float:
    """Return the width of a bone; near the wrist that of its shaft, which bears the force."""
    left_mm, right_mm = (np.interp(position, bone.profile[:, 0], bone.profile[:, column]) for column in (1, 2))
    return min(float(left_mm + right_mm), 15.0)


def _draw_jags(calibre_mm: float, rng: np.random.Generator) -> np.ndarray:
    """Return waves of the line: the back follows the front, but not quite."""
    frequencies = _TURN_RAD / (calibre_mm * np.array([1.2, 0.5, 0.22]))
    amplitudes_mm = calibre_mm * np.array([0.07, 0.045, 0.02]) * rng.uniform(0.6, 1.4, 3)
    phases = rng.uniform(0.0, _TURN_RAD, 3)
    front = np.stack([amplitudes_mm, frequencies, phases], axis=1)
    back = np.stack([amplitudes_mm, frequencies, phases + rng.normal(0.0, 0.9, 3)], axis=1)
    return np.stack([front, back])
