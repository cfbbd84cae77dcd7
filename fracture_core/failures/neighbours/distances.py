"""Which distances are usual between a training radiograph and the nearest of another patient or exam."""

import numpy as np

from fracture_core.failures.neighbours.index import measure_distances

UNLIKE_PERCENTILE = 95.0
_MOST_QUERIES = 4000
_BLOCK = 256


def measure_spread(vectors: np.ndarray, groups: list[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of training radiographs' distance to the nearest of another group.

    A radiograph further than the second from all it is compared with is called unlike the training:
    one in twenty of the training's own is as far from the rest. Of many, 4,000 are taken, spread evenly.

    Args:
        vectors: ``(N, D)`` of length 1.
        groups: ``(N,)`` copies and views of one exam share one.

    Returns:
        2.0 for both, the largest distance there is, where all are of one group.
    """
    codes = np.unique(groups, return_inverse=True)[1]
    if codes.max(initial=0) == 0:
        return 2.0, 2.0
    chosen = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), _MOST_QUERIES)).round().astype(int))
    nearest = np.empty(len(chosen), np.float32)
    for start in range(0, len(chosen), _BLOCK):
        rows = chosen[start : start + _BLOCK]
        distances = measure_distances(vectors, vectors[rows])
        distances[codes[rows][:, None] == codes[None]] = np.inf
        nearest[start : start + _BLOCK] = distances.min(axis=1)
    return float(np.median(nearest)), float(np.percentile(nearest, UNLIKE_PERCENTILE))
