"""What a call means is counted in the checkpoint's own test predictions, and says where it was not measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.meaning.explain import explain_call
from fracture_core.evaluation.records import Evaluation, Leaks, Prediction
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from fracture_core.networks.operating_points import CALLS
from tests.tiny_world import make_checkpoint

POINTS = (0.2, 0.8)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return make_checkpoint(tmp_path_factory.mktemp("meaning") / "bare", zone=POINTS)


def build_prediction(number: int, p: float, label: int, region: str | None = "leg") -> Prediction:
    return Prediction(
        name=f"{number}.png",
        label=label,
        p_fracture=p,
        correct=True,
        group=f"g{number}",
        radiograph=f"r{number}",
        region=region,
    )


def evaluate(checkpoint: Checkpoint, predictions: list[Prediction], **changes: object) -> None:
    """Lay a test evaluation of these predictions beside the checkpoint."""
    fields: dict[str, object] = {
        "checkpoint": checkpoint.name,
        "weights_sha256": checkpoint.manifest.weights_sha256,
        "dataset": "Drawn",
        "fingerprint": "f",
        "split": "test",
        "threshold": 0.4,
        "n": len(predictions),
        "n_groups": len(predictions),
        "n_fractured": sum(each.label for each in predictions),
        "metrics": {},
        "predictions": tuple(predictions),
    }
    write_evaluations(checkpoint.evaluation_path, [Evaluation(**{**fields, **changes})])


@pytest.fixture
def measured(bare: Checkpoint, tmp_path: Path) -> Checkpoint:
    """200 called negative, 6 of them fractured; 50 called positive, 45 of them fractured; 10 uncertain."""
    checkpoint = replace(bare, directory=tmp_path)
    cases = [(0.1, 1)] * 6 + [(0.1, 0)] * 194 + [(0.9, 1)] * 45 + [(0.9, 0)] * 5 + [(0.5, 1)] * 4 + [(0.5, 0)] * 6
    evaluate(checkpoint, [build_prediction(number, *case) for number, case in enumerate(cases)])
    return checkpoint


def test_a_negative_call_is_counted(measured: Checkpoint) -> None:
    meaning = explain_call(measured, "negative", "ANKLE")
    assert meaning.sentences[0].startswith(
        "Of 100 radiographs called negative on the test set Drawn, 3 had a fracture (6 of 200 counted; "
        "95% interval 0 to 6)."
    )
    assert "Of all 260 radiographs of Drawn, 21 in 100 had one." in meaning.sentences[0]


def test_few_files_are_not_blown_up_to_100(measured: Checkpoint) -> None:
    first = explain_call(measured, "positive").sentences[0]
    assert first.startswith("Of 50 radiographs called positive on the test set Drawn, 45 had a fracture (95% interval")
    assert "too few" not in first
    assert "These are too few to judge by." in explain_call(measured, "uncertain").sentences[0]


def test_an_interval_is_rounded_outwards(measured: Checkpoint) -> None:
    from fracture_core.evaluation.meaning.shares import Share, word_interval, word_share
    from fracture_core.evaluation.metrics import Metric

    metric = Metric(value=0.004, low=0.0012, high=0.0301, n=1000)
    assert word_interval(metric) == "95% interval 0 to 4"
    assert "fewer than 1 had" in word_share(Share(4, 900, metric), "called so", "{} had")
    assert "more than 99 had" in word_share(Share(999, 900, metric), "called so", "{} had")


def test_limits_tell_the_region_and_what_it_covers(measured: Checkpoint) -> None:
    limits = " ".join(explain_call(measured, "negative", "ANKLE").limits)
    assert 'Measured on 260 radiographs of the region "leg" of the test set Drawn.' in limits
    assert "Of 55 fractured ones, the model called 6 negative" in limits
    assert "Of 100 sound ones, the model called 2 positive (5 of 205 counted;" in limits
    assert "does not tell the ankle apart" in limits


def test_a_body_part_without_radiographs_is_not_measured(measured: Checkpoint) -> None:
    for name in ("ELBOW", "skull"):
        meaning = explain_call(measured, "negative", name)
        assert meaning.limits == (
            f"Not measured: the test set Drawn has no radiograph known to be of the {name.lower()}.",
        )


def test_an_unknown_body_part_says_so(measured: Checkpoint) -> None:
    for name in ("", "  ", "12", "^"):
        meaning = explain_call(measured, "negative", name)
        assert meaning.body_part == "" and "not known" in meaning.limits[0]


def test_a_vague_body_part_says_so(measured: Checkpoint) -> None:
    limits = explain_call(measured, "negative", "EXTREMITY").limits
    assert limits == ('The body part is stated only as "extremity", so that no figures for it can be given.',)


def test_a_set_without_regions_says_so(bare: Checkpoint, tmp_path: Path) -> None:
    checkpoint = replace(bare, directory=tmp_path)
    evaluate(checkpoint, [build_prediction(number, 0.1, number % 2, None) for number in range(4)])
    assert explain_call(checkpoint, "negative", "HAND").limits == (
        "The test set Drawn does not say which body part its radiographs show.",
    )


def test_figures_of_a_leaky_side_carry_its_mark(bare: Checkpoint, tmp_path: Path) -> None:
    checkpoint = replace(bare, directory=tmp_path)
    predictions = [build_prediction(number, 0.1, number % 2) for number in range(4)]
    evaluate(checkpoint, predictions, as_published=True, leaks=Leaks(radiographs=2, files=3, first=()))
    meaning = explain_call(checkpoint, "negative", "KNEE")
    assert "AS PUBLISHED: leaks 2 radiographs (3 of 4 files)." in meaning.sentences[0]
    assert "AS PUBLISHED: leaks 2 radiographs" in meaning.limits[0]
    assert (
        "None of the 4 radiographs of Drawn was called positive. AS PUBLISHED"
        in explain_call(checkpoint, "positive").sentences[0]
    )


def test_the_validation_side_is_no_test(bare: Checkpoint, tmp_path: Path) -> None:
    checkpoint = replace(bare, directory=tmp_path)
    evaluate(checkpoint, [build_prediction(0, 0.1, 0)], split="val")
    meaning = explain_call(checkpoint, "negative", "ANKLE")
    assert meaning.sentences == ("What a call negative means was not measured: no test figures came with this model.",)
    assert meaning.limits == ("Not measured: no test figures of the ankle came with this model.",)


def test_copies_are_not_counted_as_radiographs(bare: Checkpoint, tmp_path: Path) -> None:
    checkpoint = replace(bare, directory=tmp_path)
    copies = [build_prediction(0, 0.1, 0).model_copy(update={"name": f"{turn}.png"}) for turn in range(120)]
    evaluate(checkpoint, copies)
    first = explain_call(checkpoint, "negative").sentences[0]
    assert "too few to judge by" in first and "120 files of Drawn, which show 1 radiographs" in first


def test_the_shipped_models_can_explain_every_call() -> None:
    for name in ("efficientnet-lite0", "inception"):
        for call in CALLS:
            meaning = explain_call(find_checkpoint(name), call, "HAND")
            assert any("FracAtlas" in sentence for sentence in meaning.sentences)
            assert "Not measured" not in meaning.limits[0]
