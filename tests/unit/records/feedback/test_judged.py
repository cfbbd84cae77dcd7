"""One word a radiograph, and the last counts."""

from fracture_core.base.settings import Settings
from fracture_core.records.feedback.agreement import measure_agreement
from fracture_core.records.feedback.disagreements import count_judged
from fracture_core.records.feedback.filters import FeedbackFilters
from fracture_core.records.feedback.judged import read_judged
from tests.feedback_world import judge, make_reading


def test_a_disputed_label_is_in_no_figure_until_a_third_decides(either_database: Settings) -> None:
    record = make_reading("positive")
    judge(record, 1, "Ben")
    judge(record, 0, "Cy")
    [row] = measure_agreement()
    assert (row.n, row.n_disputed, row.agreement.n, row.figures["accuracy"].n) == (1, 1, 0, 0)
    judge(record, 0, "Di")
    [row] = measure_agreement()
    assert (row.n_disputed, row.agreement.value, row.figures["accuracy"].n) == (0, 0.0, 1)
    judge(record, 1, "cy")  # changes his mind
    assert measure_agreement()[0].agreement.value == 1.0


def test_a_radiograph_that_is_read_again_counts_once(own_settings: Settings) -> None:
    judge(make_reading("positive", key="one"), 0)
    judge(make_reading("positive", key="one"), 1)
    judge(make_reading("positive", key="one", frame=1), 1)
    judge(make_reading("positive", key="one", model_sha256="b" * 64), 1)
    judged = read_judged()
    assert len(judged) == 3 and sum(each.consensus.label for each in judged) == 3


def test_the_readers_word_names_the_region(own_settings: Settings) -> None:
    record = make_reading("positive", region="hand")
    judge(record, 1, "Ben", region="wrist")
    judge(record, 1, "Cy")
    judge(make_reading("positive", region=""), 1)
    assert {each.region for each in read_judged()} == {"wrist", "not known"}
    assert count_judged(FeedbackFilters(region="wrist")) == count_judged(FeedbackFilters(region="not known")) == 1
