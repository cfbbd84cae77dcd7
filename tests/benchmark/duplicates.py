"""How well copies of a radiograph are found: share found by transformation, and links among distinct ones.

    python -m tests.benchmark.duplicates [--data FracAtlas] [--count 400]

Takes one radiograph of each group, so that what it takes for distinct is; makes one
copy of each by each transformation, and searches originals and copies together. Of
the drawn phantoms where FRACTURE_DATA_DIR holds no such data set.
"""

import argparse
import io
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from fracture_core.base.errors import IntakeError
from fracture_core.datasets.copies.copy_search import find_copies
from fracture_core.datasets.copies.groups import merge_groups
from fracture_core.datasets.copies.pairs import find_thumbnail_copies, shrink_to_thumbnail
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.datasets.sources import PHANTOM_DATASET, list_datasets, open_dataset
from fracture_core.networks.preprocessing import Preprocessing, letterbox
from fracture_core.radiographs.intake.read import read_radiograph_file
from fracture_core.radiographs.radiograph import Radiograph

_PREPROCESSING = Preprocessing(input_size_px=224)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="FracAtlas")
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    name = arguments.data if arguments.data in list_datasets() else PHANTOM_DATASET
    originals = read_distinct(name, arguments.count)
    print(f"{len(originals)} radiographs of {name}, one a group")
    print(f"{'transformation':<24}{'found':>8}{'thumbnails alone':>18}{'other links':>13}{'CPU s':>8}")
    for title, change in TRANSFORMATIONS.items():
        started_s = time.process_time()
        found, others, by_thumbnail = search(originals, [change(picture) for picture in originals])
        spent_s = time.process_time() - started_s
        print(f"{title:<24}{found:>8.3f}{by_thumbnail:>18.3f}{others:>13}{spent_s:>8.1f}", flush=True)
    pairs = search(originals, [])[1]  # copies under other ids, or false: only looking tells
    total = len(originals) * (len(originals) - 1) // 2
    print(f"untouched: {pairs} links among {total:,} pairs of distinct groups ({pairs / total:.2%}); look at them")


def read_distinct(name: str, count: int) -> list[np.ndarray]:
    """Return ``(H, W)`` uint8 pictures of different groups, the same ones every time."""
    first: dict[str, DatasetItem] = {}
    for item in open_dataset(name).items:
        first.setdefault(item.group, item)
    groups = list(first)
    pictures: list[np.ndarray] = []
    for index in np.random.default_rng(0).permutation(len(groups)):
        if len(pictures) == count:
            break
        try:
            pictures.append(read_radiograph_file(first[groups[index]].path).to_uint8())
        except IntakeError:
            continue
    return pictures


def search(originals: list[np.ndarray], copies: list[np.ndarray]) -> tuple[float, int, float]:
    """Return the share of copies linked to their original, links between radiographs, share by thumbnails alone."""
    count = len(originals)
    radiographs = [Radiograph(picture.astype(np.float32) / 255, "PNG") for picture in (*originals, *copies)]
    items = [DatasetItem(None, f"{n:05}", 0, f"{n:05}") for n in range(len(radiographs))]  # type: ignore[arg-type]
    squares = np.stack([letterbox(radiograph, _PREPROCESSING) for radiograph in radiographs])
    thumbnails = np.stack([shrink_to_thumbnail(radiograph.pixels) for radiograph in radiographs])
    sizes_px = np.array([(radiograph.width_px, radiograph.height_px) for radiograph in radiographs])
    pairs = find_copies(items, squares, thumbnails, sizes_px, [item.name for item in items])
    linked = {item.name: item.group for item in merge_groups(items, pairs)}
    hits = sum(linked[items[n].name] == linked[items[n + count].name] for n in range(len(copies)))
    between = {frozenset((int(pair.first) % count, int(pair.second) % count)) for pair in pairs}
    by_thumbnail = sum(int(p.first) % count == int(p.second) % count for p in find_thumbnail_copies(items, thumbnails))
    return hits / max(1, len(copies)), sum(len(pair) == 2 for pair in between), by_thumbnail / max(1, len(copies))


def _rotate(angle_deg: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda a: np.asarray(Image.fromarray(_square(a)).rotate(angle_deg, Image.Resampling.BILINEAR))


def _square(picture: np.ndarray) -> np.ndarray:
    """Return the picture stretched to 224 px, as the paper's set was before it was rotated."""
    return np.asarray(Image.fromarray(picture).resize((224, 224), Image.Resampling.BOX))


def _gamma(power: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda a: np.rint(255 * (a / 255) ** power).astype(np.uint8)


def _compress(quality: int) -> Callable[[np.ndarray], np.ndarray]:
    def change(picture: np.ndarray) -> np.ndarray:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
        return np.asarray(Image.open(buffer))

    return change


def _crop(share: float, place: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(picture: np.ndarray) -> np.ndarray:
        height, width = (round(side * (1 - share)) for side in picture.shape)
        top, left = (round((side - kept) * place) for side, kept in zip(picture.shape, (height, width), strict=True))
        return picture[top : top + height, left : left + width]

    return change


def _shrink(picture: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((picture.shape[1] // 2, picture.shape[0] // 2)))


TRANSFORMATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "rotated 90": lambda a: np.rot90(a),
    "rotated 180": lambda a: np.rot90(a, 2),
    "rotated 270": lambda a: np.rot90(a, 3),
    "mirrored": lambda a: a[:, ::-1],
    "rotated 20": _rotate(20),
    "rotated 137": _rotate(137),
    "gamma 0.5": _gamma(0.5),
    "gamma 2": _gamma(2.0),
    "inverted": lambda a: 255 - a,
    "half the size": _shrink,
    "JPEG quality 30": _compress(30),
    "cropped 2%": _crop(0.02, 0.5),
    "cropped 5%": _crop(0.05, 0.5),
    "cropped 10%": _crop(0.10, 0.5),
    "cropped 5%, a corner": _crop(0.05, 0.0),
}

if __name__ == "__main__":
    main()
