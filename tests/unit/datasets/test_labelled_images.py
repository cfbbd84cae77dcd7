"""Several data sets become arrays: boxes lie where they are, names are told apart."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.labelled_images import load_labelled_images
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.networks.preprocessing import Preprocessing
from tests.tiny_world import write_dataset

SMALL = Preprocessing(input_size_px=32)


def test_box_mask_lies_where_the_box_is(tmp_path: Path) -> None:
    root = tmp_path / "boxed"
    root.mkdir()
    lines = ["path,label,box"]
    random = np.random.default_rng(0)
    for number, label in enumerate(["fractured", "not fractured"] * 2):
        pixels = random.integers(0, 256, (100, 200), dtype=np.uint8)  # wide: bars above and below
        Image.fromarray(pixels).save(root / f"{number}.png")
        lines.append(f"{number}.png,{label},{'150 50 40 20' if label == 'fractured' else ''}")
    (root / "manifest.csv").write_text("\n".join(lines))
    images = load_labelled_images([read_catalog(root)], Preprocessing(input_size_px=128), cache_dir=tmp_path / "cache")
    masks = images.draw_box_masks()
    assert masks.shape == (4, 32, 32)
    assert [bool(mask.any()) for mask in masks] == [bool(label) for label in images.labels]
    rows, columns = np.nonzero(masks[int(images.labels.argmax())])
    # In the square of 128: x 96..121.6, y 32 + 32..44.8; in the mask a quarter of it.
    assert (columns.min(), columns.max()) == (24, 30)
    assert (rows.min(), rows.max()) == (16, 19)


def test_data_sets_of_one_name_are_refused(tmp_path: Path) -> None:
    first = read_catalog(write_dataset(tmp_path / "a" / "drawn", count=4))
    second = read_catalog(write_dataset(tmp_path / "b" / "drawn", count=4))
    with pytest.raises(DatasetError, match="same name"):
        load_labelled_images([first, second], SMALL, cache_dir=tmp_path / "cache")
