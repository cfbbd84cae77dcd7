"""Copies at any angle are proved by their pixels; phantoms that are alike are not taken for copies."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.datasets.copies.alignment import SIDE_PX, measure_agreement
from fracture_core.datasets.copies.copy_search import find_copies
from fracture_core.datasets.copies.pairs import CopyPair, shrink_to_thumbnail
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.phantoms.drawing import draw_phantom
from tests.unit.datasets.copies.pictures import (
    square,
    turn,
)

# The turn that lays the copy like the original again.
COPIES = {
    "same": lambda a: a,
    "rotated 90": lambda a: np.rot90(a, -1),
    "rotated 180": lambda a: a[::-1, ::-1],
    "mirrored": lambda a: a[:, ::-1],
    "mirrored, rotated 90": lambda a: np.rot90(a, -1)[:, ::-1],
    "inverted": lambda a: 255 - a,
    "rotated 37.5": lambda a: turn(a, -37.5),
}


def search(
    *pictures: np.ndarray, radiographs: list[str] | None = None, cache_dir: Path | None = None
) -> list[CopyPair]:
    items = [DatasetItem(Path(str(n)), str(n), 0, str(n)) for n in range(len(pictures))]
    return find_copies(
        items,
        np.stack(pictures),
        np.stack([shrink_to_thumbnail(picture / 255) for picture in pictures]),
        np.full((len(pictures), 2), SIDE_PX),
        radiographs or [item.name for item in items],
        cache_dir=cache_dir,
    )


OTHERS = [square(seed) for seed in range(50, 58)]


@pytest.mark.parametrize("change", COPIES)
def test_turned_copy_is_found_with_what_undoes_the_turn(change: str) -> None:
    picture = square(1)
    pairs = search(picture, np.ascontiguousarray(COPIES[change](picture)), *OTHERS)
    assert [(pair.first, pair.second, pair.transform) for pair in pairs] == [("0", "1", change)]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: np.rint(255 * (a / 255) ** 1.8).astype(np.uint8),
        lambda a: np.asarray(Image.fromarray(a[5:-5, 5:-5]).resize((SIDE_PX, SIDE_PX))),
        lambda a: np.asarray(Image.fromarray(a).resize((80, 80), Image.Resampling.BOX).resize((SIDE_PX, SIDE_PX))),
    ],
    ids=["gamma", "cropped", "rescaled"],
)
def test_changed_copy_is_found(change) -> None:
    assert len(search(square(2), change(square(2)), *OTHERS)) == 1


def test_phantoms_of_one_region_are_no_copies() -> None:
    assert search(*(square(seed) for seed in range(100, 130))) == []


def test_chain_of_copies_is_linked_once_each_and_known_copies_are_not_compared() -> None:
    picture = square(3)
    copies = [picture, turn(picture, 10), turn(picture, 20), turn(picture, 30)]
    assert len(search(*copies, *OTHERS)) == 3
    known = ["x"] * 4 + [str(n) for n in range(len(OTHERS))]
    assert search(*copies, *OTHERS, radiographs=known) == []


def test_what_was_found_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = search(square(4), square(4), *OTHERS, cache_dir=tmp_path)
    monkeypatch.setattr(
        "fracture_core.datasets.copies.copy_search._list_candidates", lambda *_: pytest.fail("searched again")
    )
    assert search(square(4), square(4), *OTHERS, cache_dir=tmp_path) == first


def test_nothing_to_compare() -> None:
    assert search(square(5)) == []
    assert measure_agreement(
        *(np.zeros((0, SIDE_PX, SIDE_PX), np.uint8),) * 2, np.zeros((0, 2, 3), np.float32)
    ).shape == (0,)


def test_drawn_phantoms_that_share_an_anatomy_are_told_apart() -> None:
    # The two that agree best of the 240 that ship, 0.714: forearms of two drawings.
    pictures = []
    for index in (40, 188):
        drawn = draw_phantom(index, region="forearm", fractured=False, size_px=320)
        picture = Image.fromarray(np.rint(drawn.pixels * 255).astype(np.uint8))
        pictures.append(np.asarray(picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX)))
    assert search(*pictures) == []
