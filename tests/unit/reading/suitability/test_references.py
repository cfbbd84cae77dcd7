"""References: fitted, kept, damaged; and the gate with them, by features made for it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import CheckpointDamagedError, SuitabilityError
from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.fit import SuitabilityEvidence, fit
from fracture_core.reading.suitability.references import REFERENCES_NAME, References, read_references, save_references
from fracture_core.reading.suitability.samples import choose_evenly, compute_features, list_pictures, list_radiographs
from tests.tiny_world import make_checkpoint

SIZE = 40


def draw_features(count: int, middle: float, seed: int, at: slice = slice(None)) -> np.ndarray:
    """Return features around 1 that lie ``middle`` higher in some places."""
    features = np.random.default_rng(seed).gamma(4.0, 0.25, (count, SIZE))
    features[:, at] += middle
    return features.astype(np.float32)


def make_references(sha256: str = "0" * 64, *, with_others: bool = True) -> References:
    sources = np.array(["first"] * 150 + ["second"] * 50)
    evidence = SuitabilityEvidence(
        trained=draw_features(200, 0, 1),
        trained_from=sources,
        validation=draw_features(200, 0, 2),
        validation_from=sources,
        inverted=draw_features(60, 2, 3, slice(0, 10)),
        others=draw_features(60, 2, 4, slice(10, 20)) if with_others else None,
    )
    return fit(evidence, sha256)


@pytest.fixture(scope="module")
def references() -> References:
    return make_references()


@pytest.fixture
def radiograph() -> Radiograph:
    return Radiograph(draw_phantom(3, region="forearm", fractured=False, size_px=256).pixels, "PNG")


def test_what_was_learned_is_told(references: References, radiograph: Radiograph) -> None:
    gate = SuitabilityCheck(224, references)
    kinds = {
        name: [{each.kind for each in gate.check(radiograph, feature).concerns} for feature in features]
        for name, features in {
            "sound": draw_features(100, 0, 11),
            "other": draw_features(100, 2, 12, slice(10, 20)),
            "inverted": draw_features(100, 2, 13, slice(0, 10)),
        }.items()
    }
    assert sum("not a limb radiograph" in found for found in kinds["sound"]) <= 3
    assert sum("not a limb radiograph" in found for found in kinds["other"]) >= 97
    assert sum("inverted" in found for found in kinds["inverted"]) >= 97
    assert sum("inverted" in found for found in kinds["sound"]) <= 3


def test_what_nobody_taught_is_refused_by_its_distance(references: References, radiograph: Radiograph) -> None:
    found = SuitabilityCheck(224, make_references(with_others=False)).check(radiograph, draw_features(1, 30, 5)[0])
    assert found.is_refused and found.is_compared
    assert found.findings[0].severity == "refused" and found.findings[0].kind == "not a limb radiograph"
    distances = references.measure_distances(draw_features(200, 0, 6))
    assert np.median(distances) == pytest.approx(1.0, abs=0.4)


def test_an_inverted_radiograph_is_not_refused_if_it_is_one_the_right_way_round(
    references: References, radiograph: Radiograph
) -> None:
    gate = SuitabilityCheck(224, references)
    both = draw_features(1, 3, 7, slice(0, 20))[0]  # unlike, and inverted
    alone = gate.check(radiograph, both)
    assert alone.is_refused and {"inverted", "not a limb radiograph"} <= {each.kind for each in alone.concerns}
    seen: list[Radiograph] = []

    def read_sound(picture: Radiograph) -> np.ndarray:
        seen.append(picture)
        return draw_features(1, 0, 8)[0]

    righted = gate.check(radiograph, both, read_features=read_sound)
    assert not righted.is_refused and righted.correction == "invert"
    assert seen[0].pixels == pytest.approx(1 - radiograph.pixels)
    kinds = {each.kind for each in gate.check(radiograph, both, read_features=lambda picture: both * 9).concerns}
    assert "not a limb radiograph" in kinds and "inverted" not in kinds  # inverted it would be less of a radiograph


def test_a_dicom_header_states_the_sense(references: References, radiograph: Radiograph) -> None:
    dark_bone = draw_features(1, 2, 13, slice(0, 10))[0]
    gate, dicom = SuitabilityCheck(224, references), replace(radiograph, source_type="DICOM")
    assert "inverted" in {each.kind for each in gate.check(radiograph, dark_bone).concerns}
    assert "inverted" not in {each.kind for each in gate.check(dicom, dark_bone).concerns}


def test_no_second_reading_of_what_is_well(references: References, radiograph: Radiograph) -> None:
    def fail(picture: Radiograph) -> np.ndarray:
        raise AssertionError("read again")

    assert not SuitabilityCheck(224, references).check(radiograph, references.mean**2, read_features=fail).is_refused


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
