"""What can be said of a reading, and that nothing said is ever lost."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from fracture_core.base.errors import FeedbackError
from fracture_core.base.settings import Settings
from fracture_core.reading.history.record import override_reading
from fracture_core.records.feedback.read import find_latest_feedback, read_feedback, stamp_feedback
from fracture_core.records.feedback.write import give_feedback
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow, FeedbackRow
from tests.feedback_world import REFUSED, judge, make_reading


def count_rows() -> int:
    with reading_session() as session:
        return session.scalar(select(func.count()).select_from(FeedbackRow)) or 0


def test_what_is_said_is_kept_with_its_entry_in_the_log(either_database: Settings) -> None:
    record = make_reading("positive")
    kept = give_feedback(
        record.id, who=" Ben  Roe ", agrees=False, label=0, region="ANKLE", note=" An old scar.\r\nSee 2019. "
    )
    assert (kept.who, kept.agrees, kept.label, kept.region) == ("Ben Roe", False, 0, "ankle")
    assert kept.note == "An old scar.\nSee 2019." and not kept.saw_others
    assert read_feedback(record.id) == [kept]
    with reading_session() as session:
        entry = session.scalars(select(AuditLogRow).order_by(AuditLogRow.number.desc())).first()
        assert (entry.action, entry.subject, entry.who) == ("feedback", record.id, "Ben Roe")
        assert '"label": 0' in entry.details and "scar" not in entry.details
        assert sha256(kept.note.encode()).hexdigest() in entry.details
    assert verify_audit_log().holds and verify_audit_log().count == 2


def test_who_agrees_need_not_name_the_label(either_database: Settings) -> None:
    assert give_feedback(make_reading("positive").id, who="Ben", agrees=True, label=None).label == 1
    assert give_feedback(make_reading("negative").id, who="Ben", agrees=True, label=0).label == 0


def test_of_an_uncertain_call_only_the_label_counts(either_database: Settings) -> None:
    record = make_reading("uncertain")
    for agrees in (None, True, False):
        kept = give_feedback(record.id, who="Ben", agrees=agrees, label=1)
        assert (kept.agrees, kept.label) == (None, 1)
    with pytest.raises(FeedbackError, match="uncertain"):
        give_feedback(record.id, who="Ben", agrees=True, label=None)


def test_who_says_it_again_supersedes_himself_and_the_history_stays(either_database: Settings) -> None:
    record = make_reading("positive")
    first, other = judge(record, 0, "Ben"), judge(record, 1, "Cy")
    again = judge(record, 1, "BEN", note="On second thoughts.", saw_others=True)
    assert read_feedback(record.id) == [first, other, again]
    assert find_latest_feedback(read_feedback(record.id)) == [other, again]
    assert again.who == "BEN" and again.saw_others


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"who": " "}, "your name is empty|Your name is empty"),
        ({"who": "x" * 121}, "121 characters"),
        ({"who": "Ben\u202e"}, "do not show"),
        ({"agrees": None}, "not said whether you agree"),
        ({"agrees": True, "label": 0}, "You agree"),
        ({"agrees": False, "label": 1}, "You disagree"),
        ({"agrees": False, "label": None}, "do not say what it is"),
        ({"label": 2}, "no label"),
        ({"region": "x" * 41}, "41 characters"),
        ({"region": "a\0b"}, "do not show"),
        ({"note": "x" * 4001}, "4,001 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    own_settings: Settings, values: dict[str, object], problem: str
) -> None:
    record = make_reading("positive")
    said = {"who": "Ben", "agrees": True, "label": None} | values
    with pytest.raises(FeedbackError, match=problem):
        give_feedback(record.id, **said)  # type: ignore[arg-type]
    assert count_rows() == 0 and verify_audit_log().count == 1


def test_a_refused_picture_is_judged_once_it_is_read_all_the_same(either_database: Settings) -> None:
    record = make_reading("positive", suitability=REFUSED)
    with pytest.raises(FeedbackError, match="refused"):
        judge(record, 1)
    override_reading(record.id, "Ada", "it is a hand")
    assert judge(record, 1).label == 1


def test_an_unknown_reading_cannot_be_judged(either_database: Settings) -> None:
    for reading_id in ("nothing", "a\0b"):
        with pytest.raises(FeedbackError, match="no such reading"):
            give_feedback(reading_id, who="Ben", agrees=True, label=None)


def test_many_at_once_lose_nothing(either_database: Settings) -> None:
    record = make_reading("positive")
    before = stamp_feedback()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: judge(record, number % 2, f"Reader {number}"), range(24)))
    assert len(find_latest_feedback(read_feedback(record.id))) == 24 == count_rows()
    assert stamp_feedback() != before and verify_audit_log().holds and verify_audit_log().count == 25
