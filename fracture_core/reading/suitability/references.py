"""What a checkpoint's training radiographs look like to its network, in a small file beside the weights.

The features (what the last linear layer takes) are never negative and heavy-tailed: their square root is used.
A radiograph's distance is that of a Gaussian with a few long axes and one variance for all the rest
(Tipping & Bishop 1999, after Lee et al. 2018, arXiv:1807.03888); two linear heads tell other pictures, and
inverted radiographs, from radiographs.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from fracture_core.base import CheckpointDamagedError, write_atomically
from fracture_core.networks import Checkpoint

REFERENCES_NAME = "suitability.safetensors"
_FORMAT = "1"


@dataclass(frozen=True, eq=False)
class Head:
    """A linear score of scaled features: above ``limit`` it is what the head was taught to find."""

    weights: np.ndarray
    bias: float
    limit: float


@dataclass(frozen=True, eq=False)
class References:
    """Statistics of the training radiographs' features.

    Attributes:
        weights_sha256: of the network whose features these are.
        mean, scale: ``(D,)`` of the square roots, for the heads.
        axes: ``(K, D)`` long axes; ``variances``: ``(K,)`` along them; ``rest_variance``: across them.
        look_distance, far_distance: from where a picture is unlike the training, and unlike anything in it.
        other: tells pictures that are no limb radiographs; None where there were none to learn from.
        inverted: tells inverted radiographs.
    """

    weights_sha256: str
    mean: np.ndarray
    scale: np.ndarray
    axes: np.ndarray
    variances: np.ndarray
    rest_variance: float
    look_distance: float
    far_distance: float
    inverted: Head
    other: Head | None = None

    def measure_distances(self, features: np.ndarray) -> np.ndarray:
        """Return ``(N,)`` distances of ``(N, D)`` features; a training radiograph has about 1."""
        centred = root(features) - self.mean
        along = centred @ self.axes.T
        across = np.maximum((centred**2).sum(axis=1) - (along**2).sum(axis=1), 0.0)
        within = (along**2 / self.variances).mean(axis=1)
        outside = across / (self.rest_variance * (self.mean.size - len(self.axes)))
        distances: np.ndarray = np.sqrt((within + outside) / 2)
        return distances

    def score(self, features: np.ndarray, head: Head) -> np.ndarray:
        """Return ``(N,)`` scores of a head."""
        scores: np.ndarray = (root(features) - self.mean) / self.scale @ head.weights + head.bias
        return scores


def root(features: np.ndarray) -> np.ndarray:
    """Return ``(N, D)`` square roots of ``(N, D)`` or ``(D,)`` features: they spread less."""
    roots: np.ndarray = np.sqrt(np.maximum(np.atleast_2d(features).astype(np.float64), 0.0))
    return roots


def save_references(directory: Path, references: References) -> Path:
    """Write the file beside the weights, atomically; return its path."""
    heads = {"inverted": references.inverted, "other": references.other}
    arrays: dict[str, np.ndarray] = {
        "mean": references.mean.astype(np.float32),
        "scale": references.scale.astype(np.float32),
        "axes": np.ascontiguousarray(references.axes.astype(np.float16)),
        "variances": references.variances.astype(np.float32),
        "limits": np.array([references.rest_variance, references.look_distance, references.far_distance]),
    }
    for name, head in heads.items():
        if head is not None:
            arrays[name] = np.append(head.weights, [head.bias, head.limit]).astype(np.float32)
    path = directory / REFERENCES_NAME
    metadata = {"format_version": _FORMAT, "weights_sha256": references.weights_sha256}
    write_atomically(path, save(arrays, metadata))
    return path


def read_references(checkpoint: Checkpoint) -> References | None:
    """Return the checkpoint's references; None where it has none, or those beside it are of other weights.

    Raises:
        CheckpointDamagedError: the file cannot be read.
    """
    path = checkpoint.directory / REFERENCES_NAME
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if metadata["format_version"] != _FORMAT or metadata["weights_sha256"] != checkpoint.manifest.weights_sha256:
            return None
        return _build(arrays, metadata["weights_sha256"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise CheckpointDamagedError(
            f"'{REFERENCES_NAME}' of checkpoint '{checkpoint.name}' is damaged.",
            f"Make it anew: python -m fracture_core suitability fit --checkpoint {checkpoint.name}.",
        ) from error


def _build(arrays: dict[str, np.ndarray], weights_sha256: str) -> References:
    rest_variance, look, far = (float(value) for value in arrays["limits"])
    size = arrays["mean"].shape[0]
    if arrays["axes"].shape != (len(arrays["variances"]), size) or arrays["scale"].shape != (size,):
        raise ValueError("shapes")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("not finite")
    return References(
        weights_sha256=weights_sha256,
        mean=arrays["mean"].astype(np.float64),
        scale=arrays["scale"].astype(np.float64),
        axes=arrays["axes"].astype(np.float64),
        variances=arrays["variances"].astype(np.float64),
        rest_variance=rest_variance,
        look_distance=look,
        far_distance=far,
        inverted=_build_head(arrays["inverted"], size),
        other=_build_head(arrays["other"], size) if "other" in arrays else None,
    )


def _build_head(values: np.ndarray, size: int) -> Head:
    if values.shape != (size + 2,):
        raise ValueError("shapes")
    return Head(values[:-2].astype(np.float64), float(values[-2]), float(values[-1]))
