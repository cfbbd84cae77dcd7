"""What the checks look at, gathered once: files, pixels, copies, groups."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np

from fracture_core.base import DatasetError, IntakeError, StageProgress, get_settings
from fracture_core.datasets.cache import WORKERS, CachedImages, cache_images
from fracture_core.datasets.copies.copy_search import find_copies
from fracture_core.datasets.copies.groups import merge_groups
from fracture_core.datasets.copies.pairs import CopyPair
from fracture_core.datasets.layouts.items import Catalog, DatasetItem
from fracture_core.networks import Preprocessing, fit_letterbox_frame
from fracture_core.radiographs import detect_file_type

AUDIT_PREPROCESSING = Preprocessing(input_size_px=224)  # the default recipe's size: one cache for both
BLACK, WHITE = 8, 247  # grey levels


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file without knowing what it shows."""

    sha256: str
    pixels_sha256: str
    size_bytes: int
    source_type: str
    width_px: int
    height_px: int
    mean: float
    std: float
    black_share: float
    white_share: float


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at.

    Attributes:
        catalog: as read from disk, with its exclusions.
        items: readable ones; groups hold all copies and all files of one exam.
        unreadable: reason by name of the files that cannot be decoded.
        facts: in the order of ``items``.
        radiographs: ``(N,)`` the radiograph each file shows, by name and by pixels.
        families: ``(N,)`` the radiograph as file names tell it.
        pairs: links between families, proved by pixels.
    """

    catalog: Catalog
    items: tuple[DatasetItem, ...]
    unreadable: dict[str, str]
    facts: tuple[FileFacts, ...]
    radiographs: tuple[str, ...]
    families: tuple[str, ...]
    pairs: tuple[CopyPair, ...]

    @cached_property
    def pixels_by_name(self) -> dict[str, str]:
        """Hash of the decoded picture by file name."""
        return {item.name: fact.pixels_sha256 for item, fact in zip(self.items, self.facts, strict=True)}

    @property
    def groups(self) -> tuple[str, ...]:
        """``(N,)`` the group of each file; one must not be on two sides of a split."""
        return tuple(item.group for item in self.items)


def gather_evidence(catalog: Catalog, progress: StageProgress) -> Evidence:
    """Decode, hash and compare the files of a data set.

    Raises:
        DatasetError: no file can be read, or one went away meanwhile.
    """
    cache_dir = get_settings().state_dir / "cache"
    images = cache_images(
        catalog, AUDIT_PREPROCESSING, cache_dir=cache_dir, progress=lambda done, n: progress("Decoding", done, n)
    )
    facts = _read_facts(images, progress)
    families = tuple(name_family(catalog, item) for item in images.items)
    pairs = find_copies(
        images.items,
        images.squares,
        images.thumbnails,
        images.sizes_px,
        families,
        cache_dir=cache_dir,
        progress=lambda done, n: progress("Comparing", done, n),
    )
    by_radiograph = [replace(item, group=family) for item, family in zip(images.items, families, strict=True)]
    known = {exclusion.name for exclusion in catalog.excluded}
    return Evidence(
        catalog=catalog,
        items=merge_groups(images.items, pairs),
        unreadable={item.name: item.reason for item in images.excluded if item.name not in known},
        facts=facts,
        radiographs=tuple(item.group for item in merge_groups(by_radiograph, pairs)),
        families=families,
        pairs=tuple(pairs),
    )


def name_family(catalog: Catalog, item: DatasetItem) -> str:
    """Return the radiograph that a file's name says it shows; only class folders hold copies by name."""
    return item.group if catalog.layout == "class folders" else item.name


def _read_facts(images: CachedImages, progress: StageProgress) -> tuple[FileFacts, ...]:
    total = len(images.items)
    facts: list[FileFacts] = []
    rows = zip(images.items, images.squares, images.sizes_px.tolist(), strict=True)
    with ThreadPoolExecutor(WORKERS) as pool:  # reading and hashing release the interpreter lock
        for fact in pool.map(lambda row: _read_fact(*row), rows):
            facts.append(fact)
            if len(facts) % 64 == 0 or len(facts) == total:
                progress("Hashing", len(facts), total)
    return tuple(facts)


def _read_fact(item: DatasetItem, square: np.ndarray, size_px: list[int]) -> FileFacts:
    data = _read_bytes(item.path, item.name)
    width_px, height_px = size_px
    frame = fit_letterbox_frame(width_px, height_px, square.shape[0])
    content = square[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
    return FileFacts(
        sha256=sha256(data).hexdigest(),
        # Of the decoded picture, shrunk: a file saved anew without loss has the same.
        pixels_sha256=sha256(f"{width_px}x{height_px}".encode() + np.ascontiguousarray(content).tobytes()).hexdigest(),
        size_bytes=len(data),
        source_type=_name_type(data),
        width_px=width_px,
        height_px=height_px,
        mean=float(content.mean()) / 255,
        std=float(content.std()) / 255,
        black_share=float((content < BLACK).mean()),
        white_share=float((content > WHITE).mean()),
    )


def _name_type(data: bytes) -> str:
    try:
        return detect_file_type(data)
    except IntakeError:  # changed since it was decoded
        return "unknown"


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{name} can no longer be read.", "Audit the data set again.") from error
