"""What a call means is counted in the checkpoint's own test predictions, and says where it was not measured."""

from dataclasses import replace
from pathlib import Path

from fracture_core.evaluation.meaning.explain import explain_call
from fracture_core.networks.checkpoints import Checkpoint, find_checkpoint
from fracture_core.networks.operating_points import CALLS
from tests.unit.evaluation.meaning.conftest import build_prediction, evaluate


def test_a_negative_call_is_counted(measured: Checkpoint) -> None:
    meaning = explain_call(measured, "negative", "ANKLE")
    assert meaning.sentences[0].startswith(
        "Of 100 radiographs called negative on the test set Drawn, 3 had a fracture (6 of 200 counted; "
        "95% interval 0 to 6)."
    )
    assert "Of all 260 radiographs of Drawn, 21 in 100 had one." in meaning.sentences[0]


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
