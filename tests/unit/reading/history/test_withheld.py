"""What of a kept reading may be shown."""

from dataclasses import dataclass

import pytest

from fracture_core.reading.history.withheld import Withheld
from fracture_core.store.words import Call


@dataclass(frozen=True)
class Kept(Withheld):
    call: Call | None
    p_fracture: float | None
    refusals: tuple[str, ...]
    who: str = ""

    @property
    def is_overridden(self) -> bool:
        return bool(self.who)


@pytest.mark.parametrize(
    ("kept", "is_refused", "shown"),
    [
        (Kept("positive", 0.9, ()), False, ("positive", 0.9)),
        (Kept("positive", 0.9, ("no radiograph",)), True, (None, None)),
        (Kept("positive", 0.9, ("no radiograph",), who="Ada"), False, ("positive", 0.9)),
        (Kept(None, None, ("no radiograph",)), False, (None, None)),  # nothing was read: nothing to withhold
    ],
)
def test_a_refused_reading_is_withheld_until_overridden(
    kept: Kept, is_refused: bool, shown: tuple[Call | None, float | None]
) -> None:
    assert kept.is_refused == is_refused
    assert (kept.shown_call, kept.shown_p) == shown
