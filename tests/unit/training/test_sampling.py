"""What an epoch draws: both classes, few copies, anew each epoch, the same again on resume."""

from collections import Counter
from dataclasses import replace

import numpy as np
import torch

from fracture_core.training.sampling import EpochBatches, EpochSampler, RadiographBatches
from tests.unit.datasets.splits.test_partition import make_images

# Radiograph g of label 1 has ten copies; fifteen radiographs of label 0 have one.
IMAGES = make_images(
    [(f"g-{copy}.png", 1, "g", None) for copy in range(10)] + [(f"{n}.png", 0, f"n{n}", None) for n in range(15)]
)


def draw(epoch: int = 0, *, balanced: bool = False, copies: int = 0, seed: int = 3) -> list[int]:
    sampler = EpochSampler(IMAGES, seed=seed, balanced=balanced, copies_per_epoch=copies)
    sampler.set_epoch(epoch)
    indices = list(sampler)
    assert len(indices) == len(sampler)
    return indices


def test_everything_once_where_nothing_is_asked() -> None:
    assert sorted(draw()) == list(range(25))


def test_epochs_differ_and_come_back_the_same() -> None:
    assert draw(0) != draw(1)
    assert draw(4, balanced=True, copies=2) == draw(4, balanced=True, copies=2)
    assert draw(0, seed=1) != draw(0, seed=2)


def test_copies_are_limited_and_change() -> None:
    first, second = draw(0, copies=2), draw(1, copies=2)
    assert len(first) == 17
    assert sum(index < 10 for index in first) == 2
    seen = {index for epoch in range(30) for index in draw(epoch, copies=2) if index < 10}
    assert seen == set(range(10)), (first, second)


def test_balanced_draws_both_classes_equally_and_cycles_before_repeating() -> None:
    indices = draw(balanced=True, copies=4)
    labels = Counter(int(IMAGES.labels[index]) for index in indices)
    assert abs(labels[0] - labels[1]) <= 1
    times = Counter(index for index in indices if index < 10)
    assert max(times.values()) - min(times.values()) <= 1


def test_balanced_within_each_data_set_so_that_its_look_tells_nothing() -> None:
    datasets = ("one",) * 12 + ("other",) * 13
    images = replace(IMAGES, datasets=datasets)
    indices = list(EpochSampler(images, seed=3, balanced=True, copies_per_epoch=0))
    drawn = Counter((datasets[index], int(images.labels[index])) for index in indices)
    assert drawn["one", 0] == drawn["one", 1] == 6
    assert drawn["other", 0] == 13, "of a data set with one class only, all"


def test_batches_are_served_whole() -> None:
    squares, labels, masks = RadiographBatches(IMAGES).__getitems__([0, 24, 3])
    assert squares.shape == (3, 32, 32) and squares.dtype == torch.uint8
    assert labels.tolist() == [1, 0, 1]
    assert masks.shape == (3, 8, 8)
    single = RadiographBatches(IMAGES)[24]
    assert int(single[1]) == 0 and np.array_equal(single[0], squares[1])


def test_mirror_images_follow_the_images() -> None:
    random = np.random.default_rng(0)
    images = replace(IMAGES, squares=random.integers(0, 255, IMAGES.squares.shape, np.uint8))
    batches = RadiographBatches(images, mirrored=True)
    assert len(batches) == 50
    squares, labels, _ = batches.__getitems__([2, 27])
    assert torch.equal(squares[1], squares[0].flip(1)) and not torch.equal(squares[0], squares[1])
    assert labels[0] == labels[1]
    sampler = EpochSampler(images, seed=0, balanced=False, copies_per_epoch=0, mirrored=True)
    assert sorted(sampler) == list(range(50))


def make_batches(size: int = 4) -> EpochBatches:
    sampler = EpochSampler(IMAGES, seed=3, balanced=False, copies_per_epoch=0)
    return EpochBatches(RadiographBatches(IMAGES), sampler, size)


def test_batches_of_an_epoch_that_is_gone_on_with_are_those_still_to_come() -> None:
    batches, resumed = make_batches(), make_batches()
    batches.sampler.set_epoch(2)
    labels = [labels for _, labels, _ in batches]
    first = iter(batches)
    next(first), next(first)
    resumed.load_state_dict(batches.state_dict())
    rest = iter(resumed)  # Lightning sets the epoch after this
    resumed.sampler.set_epoch(2)
    assert resumed.state_dict() == {"epoch": 2, "served": 2}
    torch.testing.assert_close([labels for _, labels, _ in rest], labels[2:])
    assert len(resumed) == len(batches) == 6, "25 radiographs; none in a batch of one"
    resumed.sampler.set_epoch(3)
    assert len(list(resumed)) == 6 and len(list(resumed)) == 6


def test_last_batch_holds_two_at_least() -> None:
    assert [len(labels) for _, labels, _ in make_batches(23)] == [23, 2]
    assert [len(labels) for _, labels, _ in make_batches(24)] == [24]
