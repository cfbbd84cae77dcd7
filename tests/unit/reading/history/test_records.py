"""A kept reading: what a refused one may show, and when."""

from dataclasses import replace

from fracture_core.base.settings import Settings
from fracture_core.reading.history.record import override_reading, record_reading
from tests.unit.reading.history.test_record import NEW, REFUSED


def test_a_refused_reading_shows_nothing_until_it_is_overridden(own_settings: Settings) -> None:
    plain, refused = record_reading(NEW), record_reading(replace(NEW, suitability=REFUSED))
    assert (plain.is_refused, plain.shown_call, plain.shown_p) == (False, plain.call, plain.p_fracture)
    assert (refused.is_refused, refused.shown_call, refused.shown_p) == (True, None, None)
    assert refused.call == plain.call  # it is kept all the same
    read = override_reading(refused.id, "Ada", "a rib view")
    assert (read.is_refused, read.shown_call, read.shown_p) == (False, plain.call, plain.p_fracture)
