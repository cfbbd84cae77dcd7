"""Making a checkpoint's references: from its training radiographs, and from pictures that are none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from fracture_core.base import DatasetError, IntakeError, StageProgress, SuitabilityError, get_settings, log_incident
from fracture_core.datasets import Catalog
from fracture_core.networks import Checkpoint, lay_out_for_speed
from fracture_core.radiographs import Radiograph, read_radiograph_file
from fracture_core.reading.engine.devices import choose_device
from fracture_core.reading.suitability.references import Head, References, root, save_references
from fracture_core.reading.suitability.samples import (
    Sample,
    compute_features,
    list_pictures,
    list_radiographs,
    read_all,
    read_changed,
)

MOST_TRAINED, MOST_VALIDATION, MOST_INVERTED = 500, 200, 240  # of each data set; inverted: in all
LEAST_TRAINED, LEAST_VALIDATION = 100, 20  # below, nobody knows what is usual
AXES = 100
LOOK_PERCENTILE, FAR_FACTOR = 99.0, 1.3  # of validation's distances; over the largest of them
REFUSED_PERCENTILE = 99.5  # of validation's scores
# A head's limit lies so far from there to the lowest scores of what it is to find: room for other hospitals.
ROOM, LOWEST_PERCENTILE = 0.25, 5.0
_PENALTY = 0.01  # of the heads, sklearn's C


@dataclass(frozen=True, eq=False)
class SuitabilityEvidence:
    """Features ``(N, D)``; radiographs as they are and changed, in equal parts, with the data set of each."""

    trained: np.ndarray
    trained_from: np.ndarray
    validation: np.ndarray
    validation_from: np.ndarray
    inverted: np.ndarray
    others: np.ndarray | None


def fit_references(checkpoint: Checkpoint, others: Path | None = None, progress: StageProgress | None = None) -> Path:
    """Fit a checkpoint's references, write them beside its weights and return the file.

    Args:
        others: a folder FOLDER/KIND/FILE of pictures that are no limb radiographs; without it only the distance
            from the training tells them.

    Raises:
        SuitabilityError: the radiographs or the pictures are not there.
    """
    evidence = _gather(checkpoint, others, progress or (lambda what, done, total: None))
    return save_references(checkpoint.directory, fit(evidence, checkpoint.manifest.weights_sha256))


def fit_after_training(checkpoint: Checkpoint, catalogs: Sequence[Catalog], progress: StageProgress) -> Path | None:
    """Fit a new checkpoint's references on what it was trained on, without other pictures.

    Returns:
        The file; None where there are too few radiographs to tell what is usual, or they cannot be read any more:
        the check then says that it cannot compare.
    """
    try:
        counts = [len(list_radiographs(checkpoint, side, LEAST_TRAINED, catalogs)) for side in ("train", "val")]
        if counts[0] < LEAST_TRAINED or counts[1] < LEAST_VALIDATION:
            return None
        evidence = _gather(checkpoint, None, progress, catalogs)
    except (SuitabilityError, IntakeError, DatasetError) as error:
        log_incident(error, "fitting the suitability check of a new model")
        return None
    return save_references(checkpoint.directory, fit(evidence, checkpoint.manifest.weights_sha256))


def fit(evidence: SuitabilityEvidence, weights_sha256: str) -> References:
    """Return references; limits are chosen on validation.

    Every data set counts alike in what is learned, however many radiographs it has, and the limits are the
    largest of any data set's: a check that fits one hospital alone refuses the others.
    """
    trained = root(evidence.trained)
    weight = _weigh(evidence.trained_from)
    mean = np.average(trained, axis=0, weights=weight)
    centred = (trained - mean) * np.sqrt(weight * len(trained))[:, None]
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    variances = singular**2 / len(trained)
    count = min(AXES, len(variances) - 1, mean.size - 1)
    rest_variance = max(float(variances[count:].sum() / (mean.size - count)), 1e-9)
    scale = np.sqrt((centred**2).mean(axis=0) + rest_variance)
    blank = Head(np.zeros(mean.size), 0.0, 0.0)
    bare = References(
        weights_sha256, mean, scale, axes[:count], np.maximum(variances[:count], 1e-9), rest_variance, 0.0, 0.0, blank
    )
    distances = bare.measure_distances(evidence.validation)
    return References(
        weights_sha256,
        mean,
        scale,
        bare.axes,
        bare.variances,
        rest_variance,
        look_distance=_limit(distances, evidence.validation_from, LOOK_PERCENTILE),
        far_distance=float(distances.max() * FAR_FACTOR),
        inverted=_fit_head(bare, evidence, evidence.inverted),
        other=None if evidence.others is None else _fit_head(bare, evidence, evidence.others),
    )


def _fit_head(bare: References, evidence: SuitabilityEvidence, found: np.ndarray) -> Head:
    """Return the head that tells ``found`` from radiographs; less than one in 200 of validation pass its limit."""
    inputs = (root(np.concatenate([evidence.trained, found])) - bare.mean) / bare.scale
    is_found = np.repeat([0, 1], [len(evidence.trained), len(found)])
    weight = np.concatenate([_weigh(evidence.trained_from), np.full(len(found), 1 / len(found))]) * len(inputs) / 2
    model = LogisticRegression(C=_PENALTY, max_iter=3000).fit(inputs, is_found, sample_weight=weight)
    head = Head(model.coef_[0], float(model.intercept_[0]), 0.0)
    scores = bare.score(evidence.validation, head)
    limit = _limit(scores, evidence.validation_from, REFUSED_PERCENTILE)
    lowest = float(np.percentile(bare.score(found, head), LOWEST_PERCENTILE))
    return Head(head.weights, head.bias, limit + ROOM * max(lowest - limit, 0.0))


def _weigh(sources: np.ndarray) -> np.ndarray:
    """Return weights that sum to 1, alike for every data set."""
    names, which, counts = np.unique(sources, return_inverse=True, return_counts=True)
    return 1.0 / (len(names) * counts[which])


def _limit(values: np.ndarray, sources: np.ndarray, percentile: float) -> float:
    return max(float(np.percentile(values[sources == name], percentile)) for name in np.unique(sources))


def _gather(
    checkpoint: Checkpoint, others: Path | None, progress: StageProgress, catalogs: Sequence[Catalog] = ()
) -> SuitabilityEvidence:
    device = choose_device(get_settings().device)
    network = lay_out_for_speed(checkpoint.load_network()).to(device)
    trained = list_radiographs(checkpoint, "train", MOST_TRAINED, catalogs)
    validation = list_radiographs(checkpoint, "val", MOST_VALIDATION, catalogs)
    inverted = trained[:: max(1, len(trained) // MOST_INVERTED)]
    pictures = [path for paths in list_pictures(others).values() for path in paths] if others else []
    total, done = 2 * len(trained) + 2 * len(validation) + len(inverted) + len(pictures), 0

    def compute(radiographs: Iterable[Radiograph]) -> np.ndarray:
        nonlocal done

        def step(count: int) -> None:
            nonlocal done
            done += count
            progress("Looking at pictures", done, total)

        return compute_features(network, checkpoint.manifest, radiographs, step)

    def both(samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
        plain = compute(read_radiograph_file(sample.path) for sample in samples)
        changed = compute(read_changed(samples))
        sources = np.array([sample.dataset for sample in samples])
        return np.concatenate([plain, changed]), np.concatenate([sources, sources])

    return SuitabilityEvidence(
        *both(trained),
        *both(validation),
        compute(read_changed(inverted, ("inverted",))),
        compute(read_all(pictures)) if pictures else None,
    )
