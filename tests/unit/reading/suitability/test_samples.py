"""The pictures that references are fitted on, and their features."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import SuitabilityError
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.reading.suitability.samples import choose_evenly, compute_features, list_pictures, list_radiographs
from tests.tiny_world import make_checkpoint


def test_features_of_a_reading_are_those_that_references_are_made_of(tmp_path: Path, radiograph: Radiograph) -> None:
    checkpoint = make_checkpoint(tmp_path / "tiny")
    mirrored = Checkpoint("tiny", checkpoint.directory, checkpoint.manifest.model_copy(update={"mirrored": True}))
    steps: list[int] = []
    pictures = [radiograph, replace(radiograph, pixels=1 - radiograph.pixels)] * 3
    made = compute_features(checkpoint.load_network(), checkpoint.manifest, pictures, steps.append)
    for used in (checkpoint, mirrored):
        readings = Predictor(used, "cpu").read_batch(pictures)
        assert np.stack([reading.features for reading in readings]) == pytest.approx(made, abs=1e-5)
    assert sum(steps) == len(pictures)


def test_samples_are_spread_and_their_absence_is_told(tmp_path: Path) -> None:
    assert choose_evenly(10, 4) == [0, 3, 6, 9] and choose_evenly(2, 9) == [0, 1] and choose_evenly(0, 3) == []
    with pytest.raises(SuitabilityError, match="not on this machine"):
        list_radiographs(make_checkpoint(tmp_path / "tiny"), "train", 5)
    with pytest.raises(SuitabilityError, match="no pictures"):
        list_pictures(tmp_path / "nothing")
