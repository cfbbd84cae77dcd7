"""A radiograph, and references of drawn features."""

import pytest

from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.suitability.references import References
from tests.unit.reading.suitability.drawn import draw, make_references


@pytest.fixture(scope="module")
def references() -> References:
    return make_references()


@pytest.fixture
def radiograph() -> Radiograph:
    return draw()
