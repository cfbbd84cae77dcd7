"""What the network's features say against a reading: no limb radiograph, an inverted one, unlike the training."""

import numpy as np

from fracture_core.reading.suitability.findings import Finding
from fracture_core.reading.suitability.references import References

_CHOOSE = "Choose a plain radiograph of a limb, shoulder or hip. If it is one, read it yourself."


def check_likeness(references: References, features: np.ndarray) -> tuple[Finding, ...]:
    """Return what a comparison with the training radiographs finds.

    An inverted radiograph is often unlike the training as well. It is named inverted, and refused only where
    nothing else explains it: see ``check.SuitabilityCheck``, which reads it again the right way round.

    Args:
        features: ``(D,)`` of the reading.
    """
    distance = float(references.measure_distances(features)[0])
    return (
        _check_other(references, features, distance),
        _check_sense(references, features),
        _check_distance(references, distance),
    )


def _check_other(references: References, features: np.ndarray, distance: float) -> Finding:
    if references.other is not None:
        score = float(references.score(features, references.other)[0])
        if score > references.other.limit:
            return Finding(
                "not a limb radiograph",
                "refused",
                "The picture does not look like a radiograph of a limb, but like another part or no radiograph.",
                _CHOOSE,
                score,
                references.other.limit,
            )
    if distance > references.far_distance:
        return Finding(
            "not a limb radiograph",
            "refused",
            "Nothing that the model was trained on looks like this picture.",
            _CHOOSE,
            distance,
            references.far_distance,
            "times the usual distance",
        )
    return Finding("kind of picture", "ok", "The picture looks like a radiograph of a limb.")


def _check_sense(references: References, features: np.ndarray) -> Finding:
    score, limit = float(references.score(features, references.inverted)[0]), references.inverted.limit
    if score > limit:
        return Finding(
            "inverted",
            "look",
            "Black and white may be exchanged: bone seems dark on a bright ground.",
            "If bone is dark, invert the picture and read it again; wide white borders can look like this too.",
            score,
            limit,
            correction="invert",
        )
    return Finding("sense", "ok", "Bone is brighter than what lies around it.", "", score, limit)


def _check_distance(references: References, distance: float) -> Finding:
    limit = references.look_distance
    if distance > limit:
        return Finding(
            "unlike training",
            "look",
            "The picture differs from what the model was trained on; its figures may not hold here.",
            "Look closely, and trust the call less.",
            distance,
            limit,
            "times the usual distance",
        )
    return Finding("likeness", "ok", "The picture is like those the model was trained on.", "", distance, limit)
