"""Two checkpoints on the same radiographs."""

import numpy as np
import pytest

from fracture_core.base.errors import EvaluationError
from fracture_core.evaluation.comparison import compare_by_delong, compare_by_mcnemar, compare_checkpoints
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import Evaluation, Leaks, Prediction


def make_evaluation(name: str, labels: np.ndarray, p: np.ndarray, copies: int = 1, **fields: object) -> Evaluation:
    predictions = tuple(
        Prediction(
            name=f"{index}-{copy}",
            label=int(label),
            p_fracture=float(value),
            correct=bool((value >= 0.5) == label),
            group=str(index),
            radiograph=str(index),
        )
        for index, (label, value) in enumerate(zip(labels, p, strict=True))
        for copy in range(copies)
    )
    values = {
        "checkpoint": name,
        "weights_sha256": "",
        "dataset": "drawn",
        "fingerprint": "",
        "split": "test",
        "threshold": 0.5,
        "n": len(predictions),
        "n_groups": len(labels),
        "n_fractured": int(labels.sum()) * copies,
        "metrics": compute_metrics(labels, p, np.arange(len(labels)), 0.5),
        "predictions": predictions,
    }
    return Evaluation(**(values | fields))


@pytest.fixture
def readers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    labels = np.repeat([0, 1], 100)
    weak = np.clip(random.normal(0.45 + 0.1 * labels, 0.2), 0, 1)
    strong = np.clip(random.normal(0.3 + 0.4 * labels, 0.2), 0, 1)
    return labels, weak, strong


def test_better_one_is_told_from_chance(readers: tuple[np.ndarray, ...]) -> None:
    labels, weak, strong = readers
    result = compare_checkpoints(make_evaluation("weak", labels, weak), make_evaluation("strong", labels, strong))
    assert result.auroc_difference.value == pytest.approx(result.delong.difference, abs=1e-3) and result.delong.p < 1e-3
    assert result.auroc_difference.low > 0 and result.p_grouped < 0.01
    assert result.mcnemar.only_second > result.mcnemar.only_first and result.mcnemar.p < 0.01
    assert result.accuracy_difference.low > 0


def test_intervals_by_delong_and_by_bootstrap_agree_where_files_are_independent(
    readers: tuple[np.ndarray, ...],
) -> None:
    result = compare_checkpoints(
        *(make_evaluation(name, readers[0], p) for name, p in (("a", readers[1]), ("b", readers[2])))
    )
    assert result.delong.low == pytest.approx(result.auroc_difference.low, abs=0.02)
    assert result.delong.high == pytest.approx(result.auroc_difference.high, abs=0.02)


def test_copies_deceive_delong_but_not_the_bootstrap(readers: tuple[np.ndarray, ...]) -> None:
    labels, weak, strong = (values[80:120] for values in readers)
    alone, copied = (
        compare_checkpoints(make_evaluation("a", labels, weak, copies), make_evaluation("b", labels, strong, copies))
        for copies in (1, 20)
    )
    assert copied.delong.high - copied.delong.low < 0.3 * (alone.delong.high - alone.delong.low)
    widths = [item.auroc_difference.high - item.auroc_difference.low for item in (alone, copied)]
    assert widths[1] == pytest.approx(widths[0], rel=0.05)
    assert copied.p_grouped == pytest.approx(alone.p_grouped, abs=0.02)


def test_a_checkpoint_does_not_differ_from_itself(readers: tuple[np.ndarray, ...]) -> None:
    evaluation = make_evaluation("a", readers[0], readers[1])
    result = compare_checkpoints(evaluation, evaluation)
    assert (result.delong.difference, result.delong.p, result.mcnemar.p, result.p_grouped) == (0.0, 1.0, 1.0, 1.0)


def test_mcnemar_by_hand() -> None:
    correct = np.array([[1.0, 1, 1, 0, 0, 0, 0, 0], [1.0, 0, 1, 1, 1, 1, 1, 1]])
    result = compare_by_mcnemar(correct)
    assert (result.only_first, result.only_second) == (1, 5)
    assert result.p == pytest.approx(2 * (1 + 6) / 64, rel=1e-2)


def test_delong_turns_round_with_its_readers(readers: tuple[np.ndarray, ...]) -> None:
    labels, weak, strong = readers
    there, back = (compare_by_delong(labels, np.stack(rows)) for rows in ((weak, strong), (strong, weak)))
    assert (there.difference, there.low, there.p) == (-back.difference, -back.high, back.p)


def test_mark_of_a_leaky_side_is_carried_on(readers: tuple[np.ndarray, ...]) -> None:
    leaks = Leaks(radiographs=3, files=4, first=("a",))
    leaky = make_evaluation("a", readers[0], readers[1], as_published=True, leaks=leaks)
    assert compare_checkpoints(leaky, leaky).mark == "AS PUBLISHED: leaks 3 radiographs (4 of 200 files)"


def test_other_radiographs_or_labels_or_one_class_are_told(readers: tuple[np.ndarray, ...]) -> None:
    labels, weak, _ = readers
    whole = make_evaluation("a", labels, weak)
    with pytest.raises(EvaluationError, match="20 are in one evaluation only"):
        compare_checkpoints(whole, make_evaluation("b", labels[:180], weak[:180]))
    with pytest.raises(EvaluationError, match="labels"):
        compare_checkpoints(whole, make_evaluation("b", 1 - labels, weak))
    one_class = make_evaluation("c", labels[:50], weak[:50])
    with pytest.raises(EvaluationError, match="two radiographs of each class"):
        compare_checkpoints(one_class, one_class)
