"""Two readers, where neither saw the other's word."""

import pytest
from sklearn.metrics import cohen_kappa_score

from fracture_core.base.settings import Settings
from fracture_core.records.feedback.readers import compare_readers
from tests.feedback_world import judge, make_reading


def test_two_readers_are_compared_where_neither_saw_the_others_word(either_database: Settings) -> None:
    for number in range(12):
        record = make_reading("positive", key=number)
        judge(record, int(number < 6), "Ben")
        judge(record, int(number < 5), "Cy", saw_others=number == 11)
        if number == 0:
            judge(record, 0, "Ben", saw_others=True)  # swayed: his first word counts here
            judge(record, 1, "Di")
    first = compare_readers()[0]
    assert (first.first, first.second, first.n) == ("Ben", "Cy", 11)
    assert first.agreement.value == pytest.approx(10 / 11, abs=1e-4)
    said = [int(number < 6) for number in range(11)], [int(number < 5) for number in range(11)]
    assert first.kappa.value == pytest.approx(cohen_kappa_score(*said), abs=1e-4)
    assert first.kappa.low < first.kappa.value <= first.kappa.high
    assert [pair.n for pair in compare_readers()] == [11, 1, 1]
    assert compare_readers()[1].kappa.value is None
