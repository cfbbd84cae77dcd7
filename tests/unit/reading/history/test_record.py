"""Readings are kept once, with an entry in the audit log; a refused one shows after an override only."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import func, select

from fracture_core.base.errors import HistoryError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Reading
from fracture_core.reading.history.record import NewReading, override_reading, record_reading
from fracture_core.reading.suitability.findings import Finding, Override, Suitability
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow, ReadingRow

POINTS = OperatingPoints(high_sensitivity=OperatingPoint(threshold=0.2), high_specificity=OperatingPoint(threshold=0.7))
READING = Reading(
    "fractured", "uncertain", 0.6, 0.4, POINTS, np.zeros((4, 4), np.float32), "tiny", "a" * 64, 12.5, "cpu"
)
REFUSED = Suitability((Finding("chest", "refused", "It shows a chest.", "Hand in a limb."),))
NEW = NewReading(
    source="page",
    radiograph=Radiograph(
        np.zeros((30, 20), np.float32),
        "DICOM",
        sha256="b" * 64,
        warnings=("No window.",),
        details={"body_part": "ANKLE", "view": "AP"},
    ),
    reading=READING,
    suitability=Suitability((Finding("exposure", "look", "It is dark."),)),
    elapsed_ms=80.0,
    who="Ada",
    name="Doe^Jane.dcm",
)


def count_rows() -> int:
    with reading_session() as session:
        return session.scalar(select(func.count()).select_from(ReadingRow)) or 0


def test_a_reading_is_kept_with_what_belongs_to_it(either_database: Settings) -> None:
    kept = record_reading(NEW)
    assert (kept.number, len(kept.id), kept.source, kept.who) == (1, 32, "page", "Ada")
    assert (kept.region, kept.view, kept.source_type) == ("ankle", "AP", "DICOM")
    assert (kept.width_px, kept.height_px, kept.sha256) == (20, 30, "b" * 64)
    assert (kept.label, kept.call, kept.p_fracture) == ("fractured", "uncertain", 0.6)
    assert (kept.threshold, kept.negative_below, kept.positive_from) == (0.4, 0.2, 0.7)
    assert kept.notes == ("No window.", "It is dark.") and kept.refusals == ()
    assert abs((datetime.now(UTC) - kept.at).total_seconds()) < 60
    assert verify_audit_log().holds and verify_audit_log().count == 1


def test_a_file_name_is_kept_only_where_the_settings_say_so(
    either_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert record_reading(NEW).name == ""
    monkeypatch.setenv("FRACTURE_KEEP_PATIENT_DATA", "true")
    get_settings.cache_clear()
    assert record_reading(NEW).name == "Doe^Jane.dcm"


def test_one_request_is_one_reading_however_often_it_comes(either_database: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: record_reading(replace(NEW, request_key="k" * 64)).id, range(12)))
    assert len(set(kept)) == 1 and count_rows() == 1 and verify_audit_log().count == 1
    assert record_reading(replace(NEW, request_key="l" * 64)).id != kept[0]


def test_a_refused_reading_shows_once_it_is_overridden(either_database: Settings) -> None:
    kept = record_reading(replace(NEW, suitability=REFUSED))
    assert kept.is_refused and kept.shown_call is None and kept.shown_p is None
    for who, why in (("", "it is a hand"), ("Ada", " "), ("Ada", "x" * 1001)):
        with pytest.raises(HistoryError):
            override_reading(kept.id, who, why)
    shown = override_reading(kept.id, "Ada", "it is a hand")
    assert (shown.shown_call, shown.shown_p, shown.override_who) == ("uncertain", 0.6, "Ada")
    with pytest.raises(HistoryError, match="not refused"):
        override_reading(kept.id, "Bo", "again")
    with reading_session() as session:
        assert session.scalars(select(AuditLogRow.action).order_by(AuditLogRow.number)).all() == ["reading", "override"]
    assert verify_audit_log().holds


def test_an_override_that_came_with_the_reading_is_told_too(either_database: Settings) -> None:
    decision = Override("Ada", "it is a hand", ("chest",), datetime.now(UTC))
    assert not record_reading(replace(NEW, suitability=REFUSED, override=decision)).is_refused
    assert verify_audit_log().count == 2


def test_an_unknown_reading_cannot_be_overridden(either_database: Settings) -> None:
    with pytest.raises(HistoryError):
        override_reading("nothing", "Ada", "why not")


def test_many_writers_lose_nothing(either_database: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record_reading(replace(NEW, who=str(number))), range(40)))
    assert count_rows() == 40
    assert verify_audit_log().holds and verify_audit_log().count == 40
