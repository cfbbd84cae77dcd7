"""A server that starts removes readings whose time is over."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import writing_session
from fracture_core.store.tables import ReadingRow
from tests.tiny_world import encode_phantom
from tests.unit.doors.api.conftest import Post, Serve


def test_old_readings_go_when_a_server_starts(serve: Serve, post: Post) -> None:
    url = serve()
    old, new = post(url).json()["id"], post(url, encode_phantom(4)).json()["id"]
    with writing_session() as session:
        long_ago = datetime.now(UTC) - timedelta(days=40)
        session.execute(update(ReadingRow).where(ReadingRow.id == old).values(at=long_ago))
    serve(history_days=30)
    deadline_s = time.monotonic() + 20
    while len(list_readings(HistoryFilters()).readings) > 1 and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert [record.id for record in list_readings(HistoryFilters()).readings] == [new]
    assert verify_audit_log().holds
