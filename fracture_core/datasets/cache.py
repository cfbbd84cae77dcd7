"""Radiographs decoded and letterboxed once, kept as one compact array on disk.

A training epoch then reads memory instead of decoding thousands of files.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fracture_core.base import CountProgress, DatasetError, IntakeError, get_settings, quote_first, write_json
from fracture_core.datasets.copies.pairs import shrink_to_thumbnail
from fracture_core.datasets.layouts.items import LABELS, Catalog, DatasetItem, Exclusion
from fracture_core.networks import Preprocessing, letterbox
from fracture_core.radiographs import read_radiograph_file

FORMAT_VERSION = 1
WORKERS = 2


@dataclass(frozen=True)
class CachedImages:
    """The readable radiographs of a catalog, letterboxed.

    Attributes:
        items: readable items, in the order of the arrays.
        excluded: the catalog's exclusions and the files that could not be read.
        squares: ``(N, S, S)`` uint8, memory-mapped.
        thumbnails: ``(N, 32, 32)`` uint8, for finding copies.
        sizes_px: ``(N, 2)`` int32, width and height of each file.
    """

    items: tuple[DatasetItem, ...]
    excluded: tuple[Exclusion, ...]
    squares: np.ndarray
    thumbnails: np.ndarray
    sizes_px: np.ndarray


@dataclass(frozen=True)
class CacheView:
    """The same while it stays on disk: a square is read when it is looked at.

    Attributes:
        items: readable items.
        rows: ``(N,)`` int64, where each one's square is.
        squares: ``(M, S, S)`` uint8, memory-mapped, of all files.
        thumbnails: ``(N, 32, 32)`` uint8.
    """

    items: tuple[DatasetItem, ...]
    rows: np.ndarray
    squares: np.ndarray
    thumbnails: np.ndarray


def view_cached_images(
    catalog: Catalog,
    preprocessing: Preprocessing,
    *,
    cache_dir: Path | None = None,
    progress: CountProgress | None = None,
) -> CacheView:
    """Do as ``cache_images`` without taking squares into memory; arguments and errors as of it."""
    directory = _ensure_cache(catalog, preprocessing, cache_dir, progress)
    unreadable = _read_unreadable(directory)
    rows = np.array([index for index in range(len(catalog.items)) if index not in unreadable], np.int64)
    return CacheView(
        items=tuple(catalog.items[index] for index in rows),
        rows=rows,
        squares=np.load(directory / "squares.npy", mmap_mode="r"),
        thumbnails=np.load(directory / "small.npz")["thumbnails"][rows],
    )


def cache_images(
    catalog: Catalog,
    preprocessing: Preprocessing,
    *,
    cache_dir: Path | None = None,
    progress: CountProgress | None = None,
) -> CachedImages:
    """Decode every file of the catalog, or open what an earlier call decoded.

    The cache is keyed by the catalog's fingerprint and by what shapes the
    squares (input size, contrast stretch); it is written whole or not at all.

    Raises:
        DatasetError: no file, or none of one class, can be read; gives counts and the first reasons.
    """
    return _open_cache(catalog, _ensure_cache(catalog, preprocessing, cache_dir, progress))


def _ensure_cache(
    catalog: Catalog, preprocessing: Preprocessing, cache_dir: Path | None, progress: CountProgress | None
) -> Path:
    """Return the folder of the catalog's cache, built if it is not there."""
    directory = (cache_dir or get_settings().state_dir / "cache") / _cache_key(catalog, preprocessing)
    if not (directory / "index.json").is_file():
        _build_cache(catalog, preprocessing, directory, progress)
    return directory


def _cache_key(catalog: Catalog, preprocessing: Preprocessing) -> str:
    shaping = [FORMAT_VERSION, preprocessing.input_size_px, preprocessing.stretch_percentiles, str(catalog.root)]
    digest = hashlib.sha256(json.dumps([catalog.fingerprint, *shaping]).encode())
    return f"{catalog.name}-{preprocessing.input_size_px}-{digest.hexdigest()[:16]}"


def _build_cache(
    catalog: Catalog, preprocessing: Preprocessing, directory: Path, progress: CountProgress | None
) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=directory.parent, prefix=".partial-"))
    try:
        _write_arrays(catalog, preprocessing, partial, progress)
        partial.replace(directory)
    except OSError:
        # Another process may have put the same cache in place meanwhile.
        if not (directory / "index.json").is_file():
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_arrays(
    catalog: Catalog, preprocessing: Preprocessing, partial: Path, progress: CountProgress | None
) -> None:
    total, size_px = len(catalog.items), preprocessing.input_size_px
    squares = np.lib.format.open_memmap(partial / "squares.npy", "w+", np.uint8, (total, size_px, size_px))
    thumbnails, sizes_px = np.zeros((total, 32, 32), np.uint8), np.zeros((total, 2), np.int32)
    unreadable: dict[int, str] = {}
    for index, outcome in enumerate(_decode_all(catalog, preprocessing)):
        if isinstance(outcome, IntakeError):
            unreadable[index] = outcome.problem
        else:
            squares[index], thumbnails[index], sizes_px[index] = outcome
        if progress:
            progress(index + 1, total)
    _refuse_unreadable(catalog, unreadable)
    squares.flush()
    np.savez(partial / "small.npz", thumbnails=thumbnails, sizes_px=sizes_px)
    write_json(partial / "index.json", {"unreadable": {str(key): value for key, value in unreadable.items()}})


def _refuse_unreadable(catalog: Catalog, unreadable: dict[int, str]) -> None:
    """Make sure that files of every class could be read; one class cannot be learnt or measured."""
    for label, which in [(None, ""), *((label, f" that are {name}") for label, name in enumerate(LABELS))]:
        wanted = [index for index, item in enumerate(catalog.items) if label in (None, item.label)]
        if wanted and all(index in unreadable for index in wanted):
            reasons = [f"{catalog.items[index].name}: {unreadable[index]}" for index in wanted]
            raise DatasetError(
                f"None of the {len(wanted)} files of '{catalog.name}'{which} can be read ({quote_first(reasons)}).",
                "Put files in their place that can be read: JPEG, PNG, TIFF or DICOM.",
            )


def _decode_all(
    catalog: Catalog, preprocessing: Preprocessing
) -> Iterator[IntakeError | tuple[np.ndarray, np.ndarray, tuple[int, int]]]:
    def decode(item: DatasetItem) -> IntakeError | tuple[np.ndarray, np.ndarray, tuple[int, int]]:
        try:
            radiograph = read_radiograph_file(item.path)
        except IntakeError as error:
            return error
        size_px = (radiograph.width_px, radiograph.height_px)
        return letterbox(radiograph, preprocessing), shrink_to_thumbnail(radiograph.pixels), size_px

    chunk = 256  # keeps the decoded pictures that wait for the writer few
    with ThreadPoolExecutor(WORKERS) as pool:  # the decoders release the interpreter lock
        for start in range(0, len(catalog.items), chunk):
            yield from pool.map(decode, catalog.items[start : start + chunk])


def _open_cache(catalog: Catalog, directory: Path) -> CachedImages:
    unreadable = _read_unreadable(directory)
    squares = np.load(directory / "squares.npy", mmap_mode="r")
    small = np.load(directory / "small.npz")
    readable = [index for index in range(len(catalog.items)) if index not in unreadable]
    excluded = [Exclusion(catalog.items[index].name, reason) for index, reason in unreadable.items()]
    return CachedImages(
        items=tuple(catalog.items[index] for index in readable),
        excluded=catalog.excluded + tuple(excluded),
        squares=squares if not unreadable else squares[readable],
        thumbnails=small["thumbnails"][readable],
        sizes_px=small["sizes_px"][readable],
    )


def _read_unreadable(directory: Path) -> dict[int, str]:
    """Return by number why a file of the catalog could not be read."""
    index = json.loads((directory / "index.json").read_text())
    return {int(key): reason for key, reason in index["unreadable"].items()}


def measure_mean_std(squares: np.ndarray) -> tuple[float, float]:
    """Return mean and standard deviation of ``(N, S, S)`` uint8 squares, scaled to [0, 1].

    From the histogram, so exact and in one pass without a float copy.
    """
    counts = np.zeros(256, np.int64)
    for square in squares:
        counts += np.bincount(square.ravel(), minlength=256)
    levels = np.arange(256) / 255.0
    mean = float((counts * levels).sum() / counts.sum())
    variance = float((counts * (levels - mean) ** 2).sum() / counts.sum())
    return mean, float(np.sqrt(variance))
