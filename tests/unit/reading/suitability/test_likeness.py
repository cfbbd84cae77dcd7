"""What the network's features say against a reading."""

import numpy as np
import pytest

from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.check import SuitabilityCheck
from fracture_core.reading.suitability.references import References
from tests.unit.reading.suitability.drawn import draw_features, make_references


def test_what_was_learned_is_told(references: References, radiograph: Radiograph) -> None:
    gate = SuitabilityCheck(224, references)
    kinds = {
        name: [{each.kind for each in gate.check(radiograph, feature).concerns} for feature in features]
        for name, features in {
            "sound": draw_features(100, 0, 11),
            "other": draw_features(100, 2, 12, slice(10, 20)),
            "inverted": draw_features(100, 2, 13, slice(0, 10)),
        }.items()
    }
    assert sum("not a limb radiograph" in found for found in kinds["sound"]) <= 3
    assert sum("not a limb radiograph" in found for found in kinds["other"]) >= 97
    assert sum("inverted" in found for found in kinds["inverted"]) >= 97
    assert sum("inverted" in found for found in kinds["sound"]) <= 3


def test_what_nobody_taught_is_refused_by_its_distance(references: References, radiograph: Radiograph) -> None:
    found = SuitabilityCheck(224, make_references(with_others=False)).check(radiograph, draw_features(1, 30, 5)[0])
    assert found.is_refused and found.is_compared
    assert found.findings[0].severity == "refused" and found.findings[0].kind == "not a limb radiograph"
    distances = references.measure_distances(draw_features(200, 0, 6))
    assert np.median(distances) == pytest.approx(1.0, abs=0.4)
