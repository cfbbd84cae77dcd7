"""A drawn radiograph, features and references, for the tests of this folder."""

import numpy as np

from fracture_core.datasets.phantoms.drawing import draw_phantom
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.findings import Finding
from fracture_core.reading.suitability.fit import SuitabilityEvidence, fit
from fracture_core.reading.suitability.references import References


def draw(seed: int = 3, size_px: int = 256) -> Radiograph:
    return Radiograph(draw_phantom(seed, region="forearm", fractured=False, size_px=size_px).pixels, "PNG")


def find(radiograph: Radiograph, input_size_px: int = 224) -> dict[str, Finding]:
    found = SuitabilityCheck(input_size_px).check(radiograph)
    assert not found.is_compared
    return {finding.kind: finding for finding in found.concerns}


SIZE = 40


def draw_features(count: int, middle: float, seed: int, at: slice = slice(None)) -> np.ndarray:
    """Return features around 1 that lie ``middle`` higher in some places."""
    features = np.random.default_rng(seed).gamma(4.0, 0.25, (count, SIZE))
    features[:, at] += middle
    return features.astype(np.float32)


def make_references(sha256: str = "0" * 64, *, with_others: bool = True) -> References:
    sources = np.array(["first"] * 150 + ["second"] * 50)
    evidence = SuitabilityEvidence(
        trained=draw_features(200, 0, 1),
        trained_from=sources,
        validation=draw_features(200, 0, 2),
        validation_from=sources,
        inverted=draw_features(60, 2, 3, slice(0, 10)),
        others=draw_features(60, 2, 4, slice(10, 20)) if with_others else None,
    )
    return fit(evidence, sha256)
