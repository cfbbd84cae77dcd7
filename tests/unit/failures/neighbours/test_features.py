"""The features that neighbours are told by are what the classifier takes."""

import numpy as np
import pytest
import torch

from fracture_core.base.settings import Settings
from fracture_core.failures.neighbours.features import compute_features, load_reader
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.preprocessing import letterbox, prepare
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from tests.tiny_world import encode_phantom
from tests.unit.failures.neighbours.test_nearest import file_of


def test_features_are_what_the_classifier_takes(world: Checkpoint, own_settings: Settings) -> None:
    radiograph = read_radiograph_file(file_of(own_settings, "fractured/07.png"))
    network, manifest = load_reader(world), world.manifest
    square = letterbox(radiograph, manifest.preprocessing)
    vector = compute_features(network, square[None], manifest)
    assert vector.shape == (1, network.get_submodule("classifier").in_features)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    with torch.inference_mode():
        maps = network.forward_with_features(prepare([radiograph], manifest.preprocessing))[0]
    pooled = maps.mean(dim=(2, 3)).numpy()
    np.testing.assert_allclose(vector, pooled / np.linalg.norm(pooled), atol=1e-5)


def test_a_mirrored_checkpoint_takes_both_pictures(world: Checkpoint) -> None:
    square = letterbox(read_radiograph(encode_phantom(5)), world.manifest.preprocessing)
    manifest = world.manifest.model_copy(update={"mirrored": True})
    both = compute_features(load_reader(world), np.stack([square, square[:, ::-1]]), manifest)
    np.testing.assert_allclose(both[0], both[1], atol=1e-5)
    plain = compute_features(load_reader(world), np.stack([square, square[:, ::-1]]), world.manifest)
    assert np.abs(plain[0] - plain[1]).max() > 1e-4
