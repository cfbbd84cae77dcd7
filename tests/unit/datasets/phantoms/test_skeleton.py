"""Every skeleton has the bones of an arm, joined finger by finger, and is one person's."""

from itertools import pairwise

import numpy as np
import pytest

from fracture_core.datasets.phantoms.skeleton import Skeleton, build_skeleton


@pytest.fixture(params=range(5))
def skeleton(request: pytest.FixtureRequest) -> Skeleton:
    return build_skeleton(np.random.default_rng(request.param))


def test_the_bones_of_an_arm(skeleton: Skeleton) -> None:
    names = [bone.name for bone in skeleton.bones]
    assert len(names) == len(set(names)) == 2 + 5 + 14, "forearm, metacarpals, phalanges"
    assert names[:2] == ["radius", "ulna"] and "middle phalanx 1" not in names
    assert [blob.name for blob in skeleton.carpals].count("sesamoid") == 2 and len(skeleton.carpals) == 10


def test_a_finger_goes_on_where_the_bone_before_it_ends(skeleton: Skeleton) -> None:
    for ray in skeleton.rays:
        for bone, following in pairwise(ray):
            gap_mm = np.hypot(*np.subtract(following.start_mm, bone.end_mm))
            assert gap_mm == pytest.approx(1.6), f"{bone.name} to {following.name}"
            assert following.length_mm < bone.length_mm


def test_profiles_run_from_start_to_end_with_a_cortex(skeleton: Skeleton) -> None:
    for bone in skeleton.bones:
        assert (bone.profile[0, 0], bone.profile[-1, 0]) == (0.0, 1.0), bone.name
        assert (np.diff(bone.profile[:, 0]) > 0).all() and (bone.profile[:, 3] > 0).all(), bone.name


def test_two_people_differ() -> None:
    one, other = (build_skeleton(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.forearm[0].start_mm != other.forearm[0].start_mm
