"""Splits keep groups whole, both classes on every side, and shares near what was asked."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.splits.division import SplitLeak, find_leaks, make_split, published_split, random_split

FRACTIONS = {"train": 0.7, "val": 0.15, "test": 0.15}


def make_item(name: str, group: str, label: int, region: str | None = None, split: str | None = None) -> DatasetItem:
    return DatasetItem(Path(name), name, label, group, region=region, published_split=split)


def make_groups(sizes_labels_regions: list[tuple[int, int, str]]) -> list[DatasetItem]:
    return [
        make_item(f"{group}/{n}", str(group), label, region)
        for group, (size, label, region) in enumerate(sizes_labels_regions)
        for n in range(size)
    ]


@st.composite
def data_sets(draw: st.DrawFn) -> list[DatasetItem]:
    groups = draw(
        st.lists(
            st.tuples(st.integers(1, 6), st.lists(st.booleans(), min_size=1, max_size=2), st.sampled_from("hl")),
            min_size=6,
            max_size=60,
        )
    )
    return [
        make_item(f"{group}/{n}", str(group), int(labels[n % len(labels)]), region)
        for group, (size, labels, region) in enumerate(groups)
        for n in range(size)
    ]


class TestMakeSplit:
    @settings(max_examples=150, deadline=None)
    @given(items=data_sets(), seed=st.integers(0, 10), shuffler=st.randoms(use_true_random=False))
    def test_properties(self, items: list[DatasetItem], seed: int, shuffler: random.Random):
        for label in (0, 1):
            pure = {item.group for item in items} - {item.group for item in items if item.label != label}
            assume(len(pure) >= 3)
        split = make_split(items, seed=seed, fractions=FRACTIONS)

        assert split.keys() == {item.name for item in items}
        assert find_leaks(items, split) == []
        for side in FRACTIONS:
            assert {item.label for item in items if split[item.name] == side} == {0, 1}

        largest = max(Counter(item.group for item in items).values())
        counts = Counter(split.values())
        for side, fraction in FRACTIONS.items():
            # Within a few of the largest group: one for each label and region, and one for a place kept.
            assert abs(counts[side] - fraction * len(items)) <= 3 * largest

        shuffled = list(items)
        shuffler.shuffle(shuffled)
        assert make_split(shuffled, seed=seed, fractions=FRACTIONS) == split

    def test_labels_and_regions_are_spread_in_proportion(self):
        rng = random.Random(0)
        items = make_groups(
            [(rng.randint(1, 5), int(rng.random() < 0.2), rng.choice(["hand", "leg", "leg"])) for _ in range(800)]
        )
        split = make_split(items, seed=0, fractions=FRACTIONS)
        totals = Counter((item.label, item.region) for item in items)
        counts = Counter((item.label, item.region, split[item.name]) for item in items)
        for (label, region), total in totals.items():
            for side, fraction in FRACTIONS.items():
                assert counts[label, region, side] == pytest.approx(fraction * total, abs=3)

    def test_group_sizes_are_spread_too(self):
        # A greedy that fills the largest share first would put every large group into train.
        items = make_groups([(1 + n % 8, n // 8 % 2, "leg") for n in range(400)])
        split = make_split(items, seed=0, fractions=FRACTIONS)
        sizes = Counter(item.group for item in items)
        for side in FRACTIONS:
            groups = {item.group for item in items if split[item.name] == side}
            assert sum(sizes[group] for group in groups) / len(groups) == pytest.approx(4.5, abs=0.6)

    def test_the_seed_decides(self):
        items = make_groups([(2, n % 2, "leg") for n in range(60)])
        splits = [make_split(items, seed=seed, fractions=FRACTIONS) for seed in (0, 0, 1)]
        assert splits[0] == splits[1] != splits[2]

    def test_the_least_that_can_be_divided(self):
        items = make_groups([(n + 1, n % 2, "leg") for n in range(6)])
        split = make_split(items, seed=0, fractions=FRACTIONS)
        assert {(split[item.name], item.label) for item in items} == {
            (side, label) for side in FRACTIONS for label in (0, 1)
        }

    def test_too_few_groups(self):
        items = [make_item(f"{n}", f"patient {n % 2}", n // 2 % 2) for n in range(8)]
        with pytest.raises(DatasetError, match=r"2 groups \(patient 0, patient 1\) cannot be divided into 3 splits"):
            make_split(items, seed=0, fractions=FRACTIONS)

    def test_a_split_without_fractures(self):
        items = make_groups([(3, 0, "leg")] * 30 + [(9, 1, "leg")] * 2)
        with pytest.raises(DatasetError, match='"train" would hold no radiograph that is fractured: 2 groups hold one'):
            make_split(items, seed=0, fractions=FRACTIONS)

    @pytest.mark.parametrize("fractions", [{}, {"train": 0.7}, {"train": 1.2, "val": -0.2}, {"train": 1.0, "val": 0.0}])
    @pytest.mark.parametrize("divide", [make_split, random_split])
    def test_fractions_are_checked(self, divide, fractions):
        with pytest.raises(DatasetError, match="are no division of a whole"):
            divide(make_groups([(1, n % 2, "leg") for n in range(9)]), seed=0, fractions=fractions)


class TestOtherSplits:
    def test_random_split_is_by_file_and_leaks(self):
        items = make_groups([(40, n % 2, "leg") for n in range(10)])
        split = random_split(items, seed=0, fractions=FRACTIONS)
        assert Counter(split.values()) == {"train": 280, "val": 60, "test": 60}
        assert len(find_leaks(items, split)) == 10
        assert random_split(items[::-1], seed=0, fractions=FRACTIONS) == split

    def test_published_split(self):
        items = [make_item("a", "1", 0, split="train"), make_item("b", "2", 1, split="val")]
        assert published_split(items) == {"a": "train", "b": "val"}
        with pytest.raises(DatasetError, match=r"1 of 3 items have no published split \(c\)"):
            published_split([*items, make_item("c", "3", 1)])

    def test_leaks_name_both_sides(self):
        items = [
            make_item(name, group, 0) for name, group in [("b", "1"), ("a", "1"), ("c", "1"), ("d", "2"), ("e", "1")]
        ]
        split = {"a": "train", "b": "train", "c": "val", "d": "val"}
        assert find_leaks(items, split) == [SplitLeak("1", {"train": ("a", "b"), "val": ("c",)})]


class TestRealData:
    @pytest.mark.parametrize("name", ["FracAtlas", "paper"])
    def test_shares_are_kept_within_a_percent(self, real_data, name):
        items = read_catalog(real_data(name)).items
        split = make_split(items, seed=0, fractions=FRACTIONS)
        assert find_leaks(items, split) == []
        for label in (0, 1):
            sides = Counter(split[item.name] for item in items if item.label == label)
            for side, fraction in FRACTIONS.items():
                assert sides[side] / sides.total() == pytest.approx(fraction, abs=0.01)

    def test_the_papers_way_puts_copies_on_all_sides(self, real_data):
        items = read_catalog(real_data("paper")).items
        leaks = find_leaks(items, random_split(items, seed=0, fractions={"train": 0.8, "val": 0.2}))
        assert len(leaks) == len({item.group for item in items}) == 191
