"""Any turn is estimated from circles, and undone by the alignment."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fracture_core.datasets.copies.alignment import COPY_AGREEMENT, measure_agreement, place_turned
from fracture_core.datasets.copies.signatures import estimate_turns, read_circles
from tests.unit.datasets.copies.pictures import (
    square,
    turn,
)


@settings(max_examples=15, deadline=None)
@given(angle_deg=st.floats(0, 359), mirrored=st.booleans(), seed=st.integers(0, 30))
def test_any_turn_is_estimated_and_undone(angle_deg: float, mirrored: bool, seed: int) -> None:
    picture = square(seed)
    copy = turn(picture[:, ::-1].copy() if mirrored else picture, angle_deg)
    circles = read_circles(picture)[None], read_circles(copy)[None]
    angles, flips, inverted = estimate_turns(*circles)
    assert not inverted[0]
    agreement = measure_agreement(picture[None], copy[None], place_turned(angles, flips))[0]
    assert agreement >= COPY_AGREEMENT
