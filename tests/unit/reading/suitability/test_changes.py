"""What another hospital's export does to a picture keeps the promise of pixels."""

import numpy as np
import pytest

from fracture_core.reading.suitability.changes import HARMFUL, HARMLESS, change
from tests.unit.reading.suitability.drawn import draw


@pytest.mark.parametrize("name", [*HARMLESS, *HARMFUL])
def test_changes_keep_the_promise_of_pixels(name: str) -> None:
    changed = change(draw(), name)
    assert changed.pixels.dtype == np.float32 and changed.pixels.ndim == 2
    assert changed.pixels.min() >= 0 and changed.pixels.max() <= 1
