"""The kept index: distances, and a damaged one is told."""

import json

import numpy as np
import pytest

from fracture_core.base.errors import NeighbourError
from fracture_core.failures.neighbours.index import (
    find_neighbour_folder,
    measure_distances,
)
from fracture_core.failures.neighbours.nearest import find_nearest
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from tests.tiny_world import encode_phantom


def test_distances_of_many_are_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fracture_core.failures.neighbours.index._BLOCK", 3)
    vectors = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.testing.assert_allclose(measure_distances(vectors, vectors), expected, atol=2e-3)


@pytest.mark.parametrize("damage", ["no json", "short", "other weights"])
def test_a_damaged_index_is_told(built: Checkpoint, damage: str) -> None:
    path = find_neighbour_folder(built) / "index.json"
    content = json.loads(path.read_text())
    if damage == "short":
        content["entries"] = content["entries"][:-1]
    if damage == "other weights":
        content["weights_sha256"] = "0" * 64
    path.write_text("{" if damage == "no json" else json.dumps(content))
    with pytest.raises(NeighbourError, match="damaged"):
        find_nearest(built, read_radiograph(encode_phantom(1)))
