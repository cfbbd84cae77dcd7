"""Where the meaning of a call ends: regions, leaky figures, sides."""

from dataclasses import replace
from pathlib import Path

from fracture_core.evaluation.meaning.explain import explain_call
from fracture_core.evaluation.records import Leaks
from fracture_core.networks.checkpoints import Checkpoint
from tests.unit.evaluation.meaning.conftest import build_prediction, evaluate


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
