"""What a ray crosses: much of the wall at a bone's edge, little in its middle; a break moves bone and makes none."""

import numpy as np

from fracture_core.datasets.phantoms.breaks import Break
from fracture_core.datasets.phantoms.projection import project_bone, project_break, project_carpal, project_flesh
from fracture_core.datasets.phantoms.shapes import Blob, Tube
from fracture_core.datasets.phantoms.view import View

VIEW = View(120, 240, 2.0, (0.0, 50.0), 0.0, mirrored=False)
PROFILE = np.array([[0.0, 10.0, 10.0, 3.0], [1.0, 10.0, 10.0, 3.0]])
BONE = Tube("bone", (0.0, 0.0), (0.0, 100.0), PROFILE, (2.0, 2.0))


def measure_widths(shadow_mm: np.ndarray) -> np.ndarray:
    return shadow_mm[shadow_mm.shape[0] // 2]


def test_the_wall_is_brightest_beside_the_marrow() -> None:
    shadow = project_bone(BONE, VIEW)
    compact_mm, spongy_mm = measure_widths(shadow.compact_mm), measure_widths(shadow.spongy_mm)
    middle = len(compact_mm) // 2
    assert compact_mm.max() > 1.5 * compact_mm[middle] > 0
    assert spongy_mm.argmax() in (middle - 1, middle)
    assert abs((compact_mm > 0).sum() / VIEW.px_per_mm - 20.0) <= 1.0, "as wide as the profile says"
    assert np.allclose(compact_mm, compact_mm[::-1], atol=0.05)


def test_a_bone_beside_the_image_casts_no_shadow() -> None:
    far = Tube("bone", (500.0, 0.0), (500.0, 100.0), PROFILE, (2.0, 2.0))
    assert project_bone(far, VIEW).compact_mm.size == 0


def make_break(**changes: float) -> Break:
    still = {"slope": 0.0, "gap_mm": 0.0, "slip_mm": 0.0, "bend_mm": 0.0, "overlap_mm": 0.0, "wedge_mm": 0.0}
    return Break(at_mm=50.0, calibre_mm=20.0, jags=np.zeros((2, 1, 3)), reach_mm=30.0, side=1.0, **(still | changes))


def test_a_break_without_a_gap_or_a_step_changes_nothing() -> None:
    change = project_break(BONE, VIEW, make_break())
    assert abs(change.compact_mm).max() < 1e-3


def test_a_gap_takes_bone_away_along_its_line() -> None:
    change = project_break(BONE, VIEW, make_break(gap_mm=3.0))
    assert change.compact_mm.min() < -3 and change.compact_mm.max() < 1e-3
    changed_rows = np.flatnonzero(change.compact_mm.min(axis=1) < -1e-3)
    assert 3.0 <= len(changed_rows) / VIEW.px_per_mm <= 4.5


def test_fragments_that_slipped_stand_out_on_both_sides() -> None:
    change = project_break(BONE, VIEW, make_break(slip_mm=6.0)).compact_mm
    rows, columns = np.nonzero(change > 2.0)
    middle_row, middle_column = change.shape[0] / 2, change.shape[1] / 2
    distal, proximal = columns[rows < middle_row], columns[rows > middle_row]
    outermost = [side.min() if side.mean() < middle_column else side.max() for side in (distal, proximal)]
    assert (outermost[0] < middle_column) != (outermost[1] < middle_column)


def test_flesh_of_two_tubes_is_about_the_thicker_of_them() -> None:
    one = project_flesh((BONE,), VIEW)
    two = project_flesh((BONE, BONE), VIEW)
    assert one.max() < two.max() < 1.25 * one.max()
    assert ((two > 0) == (one > 0)).all()


def test_a_short_bone_has_a_rim() -> None:
    shadow = project_carpal(Blob("lunate", (0.0, 50.0), (8.0, 8.0), 0.0), VIEW)
    row = shadow.compact_mm.shape[0] // 2
    compact_mm, spongy_mm = shadow.compact_mm[row], shadow.spongy_mm[row]
    assert compact_mm.argmax() not in range(len(compact_mm) // 2 - 4, len(compact_mm) // 2 + 4)
    assert spongy_mm[len(spongy_mm) // 2] > 5
