"""Flesh covers every bone of the hand, and is wider than it."""

import numpy as np

from fracture_core.datasets.phantoms.flesh import build_flesh
from fracture_core.datasets.phantoms.projection import project_bone, project_flesh
from fracture_core.datasets.phantoms.skeleton import build_skeleton
from fracture_core.datasets.phantoms.view import View

VIEW = View(160, 220, 1.0, (0.0, 90.0), 0.0, mirrored=False)


def test_no_finger_bone_lies_outside_of_the_flesh() -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        skeleton = build_skeleton(rng)
        flesh_mm = project_flesh(build_flesh(skeleton, rng), VIEW)
        for bone in (bone for ray in skeleton.rays for bone in ray):
            shadow = project_bone(bone, VIEW)
            seen = shadow.compact_mm > 1.0
            assert seen.any() and (flesh_mm[shadow.window][seen] > 0).all(), bone.name
        assert (flesh_mm == 0).any(), "there is air beside the hand"


def test_girth_is_a_persons_own() -> None:
    skeleton = build_skeleton(np.random.default_rng(0))
    thin, thick = (build_flesh(skeleton, np.random.default_rng(seed))[0].profile for seed in (1, 2))
    assert not np.allclose(thin, thick)
