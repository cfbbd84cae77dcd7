"""A few numbers of a radiograph that stay the same however it is turned, mirrored or inverted.

Grey levels are replaced by their ranks, so that contrast makes no difference, and
read on circles around the centre. The magnitudes of the Fourier series along each
circle do not depend on where the circle starts, on its sense, or on its sign.
"""

import numpy as np
from PIL import Image

_SIDE_PX = 48
RINGS, ANGLES = 10, 48
_HARMONICS = 10
_COMPONENTS = 64
_LEAST_SPREAD = 1e-6
ALIKE = 0.65  # copies lie above 0.75; below, thousands of pairs of one region and view
_BLOCK = 1024
# Of few radiographs, what they share cannot be told from what tells them apart: each one's nearest are taken.
_FEW, _NEAREST = 256, 8


def read_circles(square: np.ndarray) -> np.ndarray:
    """Return ``(RINGS, ANGLES)`` float32, ranks of grey levels on circles around the centre; mean 0.

    Args:
        square: ``(S, S)`` uint8, the picture stretched to a square.
    """
    small = np.asarray(Image.fromarray(square).resize((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX))
    counts = np.bincount(small[_DISC], minlength=256)
    ranks = ((np.cumsum(counts) - counts / 2) / _DISC.sum()).astype(np.float32)[small]
    circles = sum(ranks[rows, columns] * weight for rows, columns, weight in _CORNERS)
    centred: np.ndarray = (circles - circles.mean()).astype(np.float32)
    return centred


def find_alike(circles: np.ndarray) -> list[tuple[int, int, float]]:
    """Return ``(i, j, likeness)``, i < j, of pictures that may be one, the likest first.

    Args:
        circles: ``(N, RINGS, ANGLES)``.
    """
    signatures = np.sqrt(np.abs(np.fft.rfft(circles, axis=2))[:, :, :_HARMONICS]).reshape(len(circles), -1)
    if len(signatures) < _FEW:
        return _find_nearest(signatures)
    signatures = _whiten(signatures)
    found: list[tuple[int, int, float]] = []
    for start in range(0, len(signatures), _BLOCK):
        product = signatures[start : start + _BLOCK] @ signatures[start:].T
        rows, columns = np.nonzero(product > ALIKE)
        above = columns > rows
        rows, columns = rows[above], columns[above]
        found += zip((rows + start).tolist(), (columns + start).tolist(), product[rows, columns].tolist(), strict=True)
    return sorted(found, key=lambda pair: -pair[2])


def estimate_turns(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by how much the second picture must be turned to lie like the first.

    Args:
        first, second: ``(N, RINGS, ANGLES)``.

    Returns:
        ``(N,)`` degrees counter-clockwise, ``(N,)`` whether it is mirrored left to
        right first, ``(N,)`` whether it is inverted.
    """
    one = np.fft.rfft(first, axis=2)
    # On circles that start at the right, a mirror image runs backwards from the left.
    mirrored = np.roll(second[:, :, ::-1], ANGLES // 2 + 1, axis=2)
    products = [np.fft.irfft((one * np.fft.rfft(s, axis=2).conj()).sum(1), n=ANGLES) for s in (second, mirrored)]
    scores = np.concatenate(products, axis=1)  # (N, 2 * ANGLES): turns, then turns of the mirror image
    best = np.abs(scores).argmax(1)
    inverted = scores[np.arange(len(scores)), best] < 0
    return -(best % ANGLES) * (360.0 / ANGLES), best >= ANGLES, inverted


def _find_nearest(signatures: np.ndarray) -> list[tuple[int, int, float]]:
    """Return each picture's nearest ones, whatever their likeness."""
    likeness = _scale(signatures - signatures.mean(0)) @ _scale(signatures - signatures.mean(0)).T
    np.fill_diagonal(likeness, -2)
    nearest = np.argsort(-likeness, axis=1)[:, :_NEAREST]
    pairs = {(min(i, j), max(i, j)) for i, row in enumerate(nearest.tolist()) for j in row if i != j}
    return sorted(((i, j, float(likeness[i, j])) for i, j in pairs), key=lambda pair: -pair[2])


def _whiten(signatures: np.ndarray) -> np.ndarray:
    """Return ``(N, 64)`` of length 1: what all radiographs share counts little, what tells them apart counts most."""
    centred = signatures - signatures.mean(0)
    values, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64) / len(centred))
    spread, axes = np.sqrt(values[::-1][:_COMPONENTS].clip(0)), axes[:, ::-1][:, :_COMPONENTS]
    return _scale((centred @ axes) / (spread + 0.05 * spread[0] + _LEAST_SPREAD)).astype(np.float32)


def _scale(rows: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _LEAST_SPREAD)
    return scaled


def _lay_circles() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the four pixels around each point of the circles, with their weights (bilinear)."""
    radius = (np.arange(RINGS)[:, None] + 1.0) / (RINGS + 0.5) * (_SIDE_PX / 2 - 1)
    angle, centre = np.arange(ANGLES) / ANGLES * 2 * np.pi, (_SIDE_PX - 1) / 2
    y, x = centre + radius * np.sin(angle), centre + radius * np.cos(angle)
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    down, right = (y - top).astype(np.float32), (x - left).astype(np.float32)
    return [
        (top + dy, left + dx, (down if dy else 1 - down) * (right if dx else 1 - right))
        for dy in (0, 1)
        for dx in (0, 1)
    ]


def _mark_disc() -> np.ndarray:
    line = np.arange(_SIDE_PX) - (_SIDE_PX - 1) / 2
    return line[:, None] ** 2 + line**2 < (_SIDE_PX / 2) ** 2


_DISC = _mark_disc()
_CORNERS = _lay_circles()
