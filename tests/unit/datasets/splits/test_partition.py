"""One division over several data sets: published folders are kept, nothing is on two sides."""

from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.labelled_images import LabelledImages
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.splits.partition import divide_as_published, divide_by_group, limit_copies


def make_images(items: list[tuple[str, int, str, str | None]], dataset: str = "set") -> LabelledImages:
    """Make images of (name, label, group, published split)."""
    made = tuple(
        DatasetItem(Path(name), f"{dataset}/{name}", label, f"{dataset}/{group}", published_split=published)
        for name, label, group, published in items
    )
    return LabelledImages(
        items=made,
        excluded=(),
        squares=np.zeros((len(made), 32, 32), np.uint8),
        labels=np.array([item.label for item in made]),
        sizes_px=np.ones((len(made), 2), np.int32),
        radiographs=tuple(item.group for item in made),
        datasets=(dataset,) * len(made),
    )


def join(first: LabelledImages, second: LabelledImages) -> LabelledImages:
    return LabelledImages(
        items=first.items + second.items,
        excluded=(),
        squares=np.concatenate([first.squares, second.squares]),
        labels=np.concatenate([first.labels, second.labels]),
        sizes_px=np.concatenate([first.sizes_px, second.sizes_px]),
        radiographs=first.radiographs + second.radiographs,
        datasets=first.datasets + second.datasets,
    )


def names_by_side(images: LabelledImages) -> dict[str, set[str]]:
    return list_sides(divide_by_group(images))


PLAIN = [(f"{number}.png", number % 2, f"exam{number // 2}", None) for number in range(80)]
COPIED = [
    (f"{side}-{number}-{copy}.png", number % 2, f"{side}-{number}", side)
    for side, count in (("train", 20), ("val", 6))
    for number in range(count)
    for copy in range(5)
]


def test_every_image_is_on_one_side_and_groups_are_whole() -> None:
    images = make_images(PLAIN)
    parts = divide_by_group(images)
    placed = [item.name for part in parts.values() for item in part.items]
    assert sorted(placed) == sorted(item.name for item in images.items)
    groups = [{item.group for item in part.items} for part in parts.values()]
    assert not (groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2])


def test_published_val_without_test_is_the_test_part() -> None:
    sides = names_by_side(make_images(COPIED))
    assert sides["test"] == {f"set/{name}" for name, _, _, published in COPIED if published == "val"}
    assert sides["val"] and sides["train"]


def test_another_data_set_does_not_move_the_first_ones_images() -> None:
    alone = names_by_side(make_images(PLAIN, "first"))
    both = names_by_side(join(make_images(PLAIN, "first"), make_images(COPIED, "second")))
    for side, names in alone.items():
        assert names == {name for name in both[side] if name.startswith("first/")}


def test_copy_across_published_folders_goes_to_the_held_out_side() -> None:
    leaking = [("train-99-0.png", 1, "val-1", "train"), *COPIED]
    sides = names_by_side(make_images(leaking))
    assert "set/train-99-0.png" in sides["test"]


def test_limit_copies_keeps_each_radiograph() -> None:
    limited = limit_copies(make_images(COPIED), 2)
    assert len(limited.items) == 26 * 2
    assert set(limited.radiographs) == {f"set/{group}" for _, _, group, _ in COPIED}


def test_as_published_keeps_the_held_out_folder_and_leaks_elsewhere() -> None:
    images = make_images(COPIED)
    parts = divide_as_published(images, seed=0)
    assert {side: len(part.items) for side, part in parts.items()} == {"train": 90, "val": 10, "test": 30}
    assert all(item.published_split == "val" for item in parts["test"].items)
    assert set(parts["train"].radiographs) & set(parts["val"].radiographs), "a random split of copies leaks"
    again, other = (divide_as_published(images, seed=seed)["val"].items for seed in (0, 1))
    assert again == parts["val"].items != other


def test_as_published_needs_a_published_split() -> None:
    with pytest.raises(DatasetError, match="no published split"):
        divide_as_published(make_images(PLAIN), seed=0)


def list_sides(parts: dict[str, LabelledImages]) -> dict[str, set[str]]:
    return {side: {item.name for item in part.items} for side, part in parts.items()}


def keep(parts: dict[str, LabelledImages], *sides: str) -> dict[str, dict[str, frozenset[str]]]:
    return {"set": {side: frozenset(item.name.removeprefix("set/") for item in parts[side].items) for side in sides}}


MORE = [(f"new{number}.png", number % 2, f"new{number // 2}", None) for number in range(40)]


def test_a_test_side_stays_when_the_data_set_grows_or_shrinks() -> None:
    before = divide_by_group(make_images(PLAIN))
    names = list_sides(before)
    fewer = [row for row in PLAIN if f"set/{row[0]}" not in sorted(names["train"])[:10]]
    another_view = [("view.png", 1, next(row[2] for row in PLAIN if f"set/{row[0]}" in names["test"]), None)]
    parts = divide_by_group(make_images(fewer + MORE + another_view), kept=keep(before, "test"))
    assert {item.name for item in parts["test"].items} == names["test"] | {"set/view.png"}
    assert 0.1 < len(parts["val"].items) / len(parts["train"].items) < 0.4
    assert sum(len(part.items) for part in parts.values()) == len(fewer) + len(MORE) + 1

    unfrozen = divide_by_group(make_images(fewer + MORE))
    assert {item.name for item in unfrozen["test"].items} & names["test"] != names["test"], (
        "else there is nothing to hold"
    )


def test_all_sides_stay_and_what_is_new_is_divided_between_two_of_them() -> None:
    before = divide_by_group(make_images(PLAIN))
    names, kept = list_sides(before), keep(before, "train", "val", "test")
    assert list_sides(divide_by_group(make_images(PLAIN), kept=kept)) == names

    grown = list_sides(divide_by_group(make_images(PLAIN + MORE), kept=kept))
    assert grown["test"] == names["test"] and grown["train"] > names["train"] and grown["val"] > names["val"]
    assert len(grown["train"]) + len(grown["val"]) + len(grown["test"]) == len(PLAIN + MORE)

    a_little = list_sides(divide_by_group(make_images([*PLAIN, *MORE[:2]]), kept=kept))
    assert a_little == names | {"train": names["train"] | {f"set/{row[0]}" for row in MORE[:2]}}


def test_a_side_moved_by_copies_across_published_folders_is_kept_as_it_was() -> None:
    images = make_images([("train-99-0.png", 1, "val-1", "train"), *COPIED])
    before = divide_by_group(images)
    assert list_sides(divide_by_group(images, kept=keep(before, "train", "val", "test"))) == list_sides(before)


def test_a_test_side_that_has_gone_is_made_anew() -> None:
    gone = {"set": {"test": frozenset({"nothing.png"})}, "other": {"test": frozenset({"1.png"})}}
    assert names_by_side(make_images(PLAIN)) == list_sides(divide_by_group(make_images(PLAIN), kept=gone))


def test_what_was_learned_from_validates_nothing_as_long_as_another_set_can() -> None:
    first = make_images(PLAIN)
    before = divide_by_group(first)
    moved = {
        "set": {
            "train": frozenset(row[0] for row in PLAIN) - keep(before, "test")["set"]["test"],
            "test": keep(before, "test")["set"]["test"],
        }
    }
    beside = list_sides(divide_by_group(join(first, make_images(PLAIN, "other")), kept=moved))
    assert beside["val"] and all(name.startswith("other/") for name in beside["val"])
    assert {name for name in beside["train"] if name.startswith("set/")} == {
        f"set/{name}" for name in moved["set"]["train"]
    }

    alone = list_sides(divide_by_group(first, kept=moved))
    assert alone["val"] and alone["test"] == list_sides(before)["test"]
