"""Which evaluations stand for a model."""

from types import SimpleNamespace

from fracture_core.datasets.sources import PHANTOM_DATASET
from fracture_core.evaluation.headline import choose_headlines


def name(dataset: str, split: str, mark: str = "") -> SimpleNamespace:
    return SimpleNamespace(dataset=dataset, split=split, mark=mark)


def trained_on(*names: str) -> SimpleNamespace:
    return SimpleNamespace(manifest=SimpleNamespace(data=[SimpleNamespace(name=each) for each in names]))


def test_clean_held_out_data_of_its_own_kind_come_first_and_alone() -> None:
    test, leaky, learnt, drawn = (
        name("A", "test"),
        name("A", "val", "LEAKS"),
        name("A", "val"),
        name(PHANTOM_DATASET, "test"),
    )
    assert choose_headlines(trained_on("A"), [drawn, learnt, leaky, test]) == [test]
    assert choose_headlines(trained_on("A"), [drawn, leaky, learnt]) == [learnt]
    assert choose_headlines(trained_on("A"), [leaky, drawn]) == [leaky]
    assert choose_headlines(trained_on("A"), [drawn]) == []
    assert choose_headlines(trained_on(PHANTOM_DATASET), [drawn]) == [drawn]
