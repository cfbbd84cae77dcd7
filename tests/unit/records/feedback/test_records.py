"""What most readers say, counted."""

from hypothesis import given
from hypothesis import strategies as st

from fracture_core.records.feedback.records import decide_consensus


@given(st.lists(st.integers(0, 1), max_size=9))
def test_the_consensus_is_what_most_say(labels: list[int]) -> None:
    found = decide_consensus(labels)
    ones, zeros = labels.count(1), labels.count(0)
    assert (found.fractured, found.not_fractured) == (ones, zeros)
    assert found.label == (None if ones == zeros else int(ones > zeros))
    assert found.is_disputed == (ones == zeros > 0)
    assert found.is_divided == (0 < ones < len(labels))
    turned = decide_consensus([1 - label for label in labels])
    assert turned.label == (None if found.label is None else 1 - found.label)
    if found.label is not None:  # one more who says the same changes nothing
        assert decide_consensus([*labels, found.label]).label == found.label
