"""What breaks is in the view, moves less than the joints allow, and is of every form."""

import numpy as np
import pytest

from fracture_core.datasets.phantoms.injuries import injure
from fracture_core.datasets.phantoms.skeleton import build_skeleton

SKELETON = build_skeleton(np.random.default_rng(0))


def injure_often(region: str) -> list[list]:
    return [injure(SKELETON, region, np.random.default_rng(seed)) for seed in range(200)]


@pytest.mark.parametrize(
    ("region", "counts", "bones"),
    [("forearm", {1, 2}, {"radius", "ulna"}), ("hand", {1, 2, 3, 4}, {"metacarpal", "proximal phalanx"})],
)
def test_bones_of_the_region_break(region: str, counts: set[int], bones: set[str]) -> None:
    found = injure_often(region)
    assert {len(injuries) for injuries in found} == counts
    assert {bone.name.rstrip(" 12345") for injuries in found for bone, _ in injuries} == bones
    assert all(len({bone.name for bone, _ in injuries}) == len(injuries) for injuries in found)


@pytest.mark.parametrize("region", ["forearm", "hand"])
def test_joints_stay_where_they_are(region: str) -> None:
    for bone, broken in (pair for injuries in injure_often(region) for pair in injuries):
        nearer_mm = min(broken.at_mm, bone.length_mm - broken.at_mm)
        assert 0 < broken.reach_mm <= nearer_mm + 1e-9
        assert abs(broken.bend_mm) <= 0.24 * broken.reach_mm + 1e-9


def test_some_breaks_are_comminuted_some_oblique_and_some_subtle() -> None:
    breaks = [broken for injuries in injure_often("forearm") for _, broken in injuries]
    assert 0 < sum(broken.wedge_mm > 0 for broken in breaks) < len(breaks)
    assert 0 < sum(abs(broken.slope) > 0.5 for broken in breaks) < len(breaks)
    assert 0 < sum(broken.gap_mm < 1.4 for broken in breaks) < len(breaks) / 2
