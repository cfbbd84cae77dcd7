"""Findings, and the word of a person who goes on all the same."""

import pytest

from fracture_core.base.errors import SuitabilityError
from fracture_core.reading.suitability.findings import Finding, Suitability, decide_override


def test_an_override_needs_a_reason_and_names_what_it_overrides() -> None:
    refused = Suitability((Finding("not a radiograph", "refused", "x"), Finding("too small", "look", "y")))
    decision = decide_override(refused, by=" Dr A ", why=" a phone picture of a film ")
    assert (decision.by, decision.why, decision.kinds) == ("Dr A", "a phone picture of a film", ("not a radiograph",))
    with pytest.raises(SuitabilityError, match="reason"):
        decide_override(refused, by="", why="  ")
