"""References of a checkpoint: kept, found again, and not used with other weights."""

from pathlib import Path

import pytest

from fracture_core.base.errors import CheckpointDamagedError
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.references import REFERENCES_NAME, read_references, save_references
from tests.tiny_world import make_checkpoint
from tests.unit.reading.suitability.drawn import draw_features, make_references


def test_they_come_back_as_they_were_kept(tmp_path: Path) -> None:
    checkpoint = make_checkpoint(tmp_path / "tiny")
    assert read_references(checkpoint) is None
    kept = make_references(checkpoint.manifest.weights_sha256)
    path = save_references(checkpoint.directory, kept)
    back = read_references(checkpoint)
    features = draw_features(20, 0.5, 9)
    assert back.measure_distances(features) == pytest.approx(kept.measure_distances(features), rel=1e-2)
    assert back.score(features, back.other) == pytest.approx(kept.score(features, kept.other), abs=1e-3)
    assert back.inverted.limit == pytest.approx(kept.inverted.limit, rel=1e-5)
    assert path.name == REFERENCES_NAME


def test_those_of_other_weights_are_not_used(tmp_path: Path, radiograph: Radiograph) -> None:
    checkpoint = make_checkpoint(tmp_path / "tiny")
    save_references(checkpoint.directory, make_references("1" * 64))
    assert read_references(checkpoint) is None
    found = SuitabilityCheck.of(checkpoint).check(radiograph, draw_features(1, 0, 1)[0])
    assert not found.is_compared and "not compared" in {each.kind for each in found.concerns}


@pytest.mark.parametrize("damage", ["short", "noise", "empty"])
def test_a_damaged_file_is_told_with_what_to_do(tmp_path: Path, damage: str) -> None:
    checkpoint = make_checkpoint(tmp_path / "tiny")
    path = save_references(checkpoint.directory, make_references(checkpoint.manifest.weights_sha256))
    data = path.read_bytes()
    path.write_bytes({"short": data[: len(data) // 2], "noise": bytes(200), "empty": b""}[damage])
    with pytest.raises(CheckpointDamagedError, match="suitability fit"):
        read_references(checkpoint)
