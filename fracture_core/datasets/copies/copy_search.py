"""Find the files that show one radiograph, however turned, and prove each by its pixels.

Candidates come from thumbnails (right angles, small crops) and from signatures (any
angle, mirrored, inverted); each is then aligned and compared at 128 px.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import JSONDecodeError, loads
from pathlib import Path

import numpy as np
from PIL import Image

from fracture_core.base import CountProgress, write_json
from fracture_core.datasets.copies.alignment import COPY_AGREEMENT, SIDE_PX, measure_agreement, place_turned
from fracture_core.datasets.copies.pairs import CopyPair, find_candidates, find_thumbnail_copies
from fracture_core.datasets.copies.signatures import estimate_turns, find_alike, read_circles
from fracture_core.datasets.layouts.items import DatasetItem
from fracture_core.networks import fit_letterbox_frame

SEARCH_VERSION = 3  # raise it when the search finds other pairs, so that kept results are not taken
CERTAIN_AGREEMENT = 0.6  # is enough where the thumbnails alone tell a copy
LEAST_SQUARE_PX = 96  # of smaller squares, only thumbnails are compared
_TRIES = 3  # comparisons of two radiographs by different copies of them, before they are told apart
_TURNS_A_ROUND = 4
_ROUND = 512


@dataclass(frozen=True)
class _Candidate:
    i: int
    j: int
    angle_deg: float
    mirrored: bool
    inverted: bool
    certain: bool = False


def find_copies(
    items: Sequence[DatasetItem],
    squares: np.ndarray,
    thumbnails: np.ndarray,
    sizes_px: np.ndarray,
    radiographs: Sequence[str],
    *,
    cache_dir: Path | None = None,
    progress: CountProgress | None = None,
) -> list[CopyPair]:
    """Return pairs that link all files of one radiograph; not every pair of them.

    Args:
        items: N of them.
        squares: ``(N, S, S)`` uint8, letterboxed.
        thumbnails: ``(N, 32, 32)`` uint8.
        sizes_px: ``(N, 2)``, width and height of each file.
        radiographs: ``(N,)`` what file names say; files of one name are not compared.
        cache_dir: keeps what was found; None to search anew.
        progress: called with candidates done and in all.
    """
    if squares.shape[1] < LEAST_SQUARE_PX:
        return find_thumbnail_copies(items, thumbnails)
    path = cache_dir / f"copies-{_hash_inputs(items, squares, thumbnails, radiographs)}.json" if cache_dir else None
    kept = _read_kept(path)
    if kept is not None:
        return kept
    pictures = np.stack([_stretch(square, *size) for square, size in zip(squares, sizes_px.tolist(), strict=True)])
    candidates = _list_candidates(pictures, thumbnails, radiographs)
    links = _link(pictures, candidates, radiographs, progress or (lambda done, total: None))
    pairs = sorted((_describe(items, *link) for link in links), key=lambda pair: (pair.first, pair.second))
    if path:
        write_json(path, [vars(pair) for pair in pairs])
    return pairs


def _hash_inputs(
    items: Sequence[DatasetItem], squares: np.ndarray, thumbnails: np.ndarray, radiographs: Sequence[str]
) -> str:
    digest = sha256(f"{SEARCH_VERSION} {squares.shape}".encode())
    digest.update(np.ascontiguousarray(thumbnails).tobytes())
    for item, radiograph in zip(items, radiographs, strict=True):
        digest.update(f"{item.name}\0{item.label}\0{radiograph}\n".encode())
    return digest.hexdigest()[:16]


def _read_kept(path: Path | None) -> list[CopyPair] | None:
    try:
        return [CopyPair(**pair) for pair in loads(path.read_text())] if path and path.is_file() else None
    except (OSError, JSONDecodeError, TypeError):  # a damaged file is searched for anew
        return None


def _stretch(square: np.ndarray, width_px: int, height_px: int) -> np.ndarray:
    """Return ``(128, 128)`` uint8, the picture without its bars, stretched to a square."""
    frame = fit_letterbox_frame(width_px, height_px, square.shape[0])
    content = square[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
    return np.asarray(Image.fromarray(np.ascontiguousarray(content)).resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX))


def _list_candidates(pictures: np.ndarray, thumbnails: np.ndarray, radiographs: Sequence[str]) -> list[_Candidate]:
    """Return what may be one radiograph, the likest first."""
    circles = np.stack([read_circles(picture) for picture in pictures])
    alike = [(i, j) for i, j, _ in find_alike(circles) if radiographs[i] != radiographs[j]]
    found: list[_Candidate] = []
    if alike:
        first, second = np.array(alike).T
        for start in range(0, len(alike), _ROUND):  # circles of all pairs at once would fill the memory
            part = slice(start, start + _ROUND)
            turns = zip(*(a.tolist() for a in estimate_turns(circles[first[part]], circles[second[part]])), strict=True)
            found += [_Candidate(*pair, *turn) for pair, turn in zip(alike[part], turns, strict=True)]
    laid = sorted(find_candidates(thumbnails), key=lambda pair: (not pair[4], -pair[2]))
    by_thumbnail = [
        _Candidate(i, j, _read_angle(transform), transform.startswith("mirrored"), False, certain)
        for i, j, _, transform, certain in laid
        if radiographs[i] != radiographs[j]
    ]
    return sorted(found + by_thumbnail, key=lambda candidate: not candidate.certain)  # the sort is stable


def _read_angle(transform: str) -> float:
    return float(transform.rpartition("rotated ")[2]) if "rotated" in transform else 0.0


def _link(
    pictures: np.ndarray, candidates: list[_Candidate], radiographs: Sequence[str], progress: CountProgress
) -> list[tuple[_Candidate, float]]:
    """Compare candidates until every two files are linked, or were told apart often enough."""
    names = {name: number for number, name in enumerate(dict.fromkeys(radiographs))}
    parts = _Parts(len(names), [names[name] for name in radiographs])
    links: list[tuple[_Candidate, float]] = []
    tries: Counter[tuple[int, int]] = Counter()
    pending, total = candidates, len(candidates)
    while pending:
        chosen, pending = _choose_round(pending, parts, tries)
        for candidate, agreement in zip(chosen, _compare(pictures, chosen), strict=True):
            enough = CERTAIN_AGREEMENT if candidate.certain else COPY_AGREEMENT
            if agreement >= enough and parts.join(candidate.i, candidate.j):
                links.append((candidate, float(agreement)))
        progress(total - len(pending), total)
    return links


def _choose_round(
    pending: list[_Candidate], parts: "_Parts", tries: Counter[tuple[int, int]]
) -> tuple[list[_Candidate], list[_Candidate]]:
    """Return some candidates that may still tell something, and those left for later."""
    chosen: list[_Candidate] = []
    left: list[_Candidate] = []
    busy: Counter[int] = Counter()
    asked: set[tuple[int, int]] = set()
    for candidate in pending:
        pair = parts.pair(candidate.i, candidate.j)
        if pair[0] == pair[1] or tries[pair] >= _TRIES:
            continue
        if len(chosen) < _ROUND and pair not in asked and max(busy[pair[0]], busy[pair[1]]) < _TURNS_A_ROUND:
            chosen.append(candidate)
            asked.add(pair)
            tries[pair] += 1
            busy.update(pair)
        else:
            left.append(candidate)
    return chosen, left


def _compare(pictures: np.ndarray, chosen: list[_Candidate]) -> np.ndarray:
    first, second = pictures[[c.i for c in chosen]], pictures[[c.j for c in chosen]]
    inverted = np.array([c.inverted for c in chosen], bool)
    placements = place_turned(np.array([c.angle_deg for c in chosen]), np.array([c.mirrored for c in chosen], bool))
    return measure_agreement(first, np.where(inverted[:, None, None], 255 - second, second), placements)


def _describe(items: Sequence[DatasetItem], candidate: _Candidate, agreement: float) -> CopyPair:
    first, second = items[candidate.i], items[candidate.j]
    turn_deg = candidate.angle_deg % 360
    if second.name < first.name:  # the way back: a mirror image is its own inverse
        first, second = second, first
        turn_deg = turn_deg if candidate.mirrored else -turn_deg % 360
    words = (
        ["mirrored"] * candidate.mirrored
        + [f"rotated {turn_deg:g}"] * (turn_deg > 0)
        + ["inverted"] * candidate.inverted
    )
    same_label = first.label == second.label
    return CopyPair(first.name, second.name, round(agreement, 4), ", ".join(words) or "same", same_label)


class _Parts:
    """Radiographs that are one (union-find), asked by file."""

    def __init__(self, count: int, part_of_file: list[int]) -> None:
        self._parent = list(range(count))
        self._part_of_file = part_of_file

    def pair(self, i: int, j: int) -> tuple[int, int]:
        one, other = self._find(self._part_of_file[i]), self._find(self._part_of_file[j])
        return (one, other) if one < other else (other, one)

    def join(self, i: int, j: int) -> bool:
        first, second = self.pair(i, j)
        self._parent[second] = first
        return first != second

    def _find(self, part: int) -> int:
        while self._parent[part] != part:
            self._parent[part] = self._parent[self._parent[part]]
            part = self._parent[part]
        return part
