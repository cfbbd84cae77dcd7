"""Readings are found by every filter and their combinations, page by page, on both databases."""

from datetime import date
from random import Random

import pytest
from sqlalchemy import func, select

from fracture_core.base.errors import HistoryError
from fracture_core.base.settings import Settings
from fracture_core.reading.history.filters import NOT_KNOWN, HistoryFilters
from fracture_core.reading.history.read import (
    count_readings,
    find_item_reading,
    find_reading,
    iterate_readings,
    list_reading_values,
    list_readings,
)
from fracture_core.store.database import reading_session
from fracture_core.store.tables import ReadingRow
from tests.unit.reading.history.world import PEOPLE, REGIONS, SOURCES, make_readings, matches

CHOICES = {
    "search": ("ad", "ADA", "zz", "0" * 10, "0" * 63 + "2"),
    "who": (*PEOPLE[:3], NOT_KNOWN, "Zoe"),
    "source": SOURCES,
    "region": (*REGIONS, NOT_KNOWN),
    "call": ("positive", "negative", "uncertain"),
    "by_model": ("tiny", "none"),
    "refused": ("yes", "overridden", "no"),
    "from_day": (date(2026, 3, 4), date(2030, 1, 1)),
    "to_day": (date(2026, 3, 9), date(2020, 1, 1)),
    "sha256": (f"{3:064x}", "f" * 64),
    "worklist": ("list", "nothing"),
}


def draw_filters(random: Random) -> HistoryFilters:
    names = random.sample([*CHOICES], random.randint(0, 3))
    values = {name: random.choice(CHOICES[name]) for name in names}
    if "from_day" in values and "to_day" in values and values["from_day"] > values["to_day"]:
        del values["to_day"]
    return HistoryFilters(**values)


def test_every_combination_finds_what_it_should(either_database: Settings) -> None:
    make_readings(60)
    random, everything = Random(1), [*iterate_readings(HistoryFilters())]
    assert len(everything) == 60
    for _ in range(60):
        filters = draw_filters(random)
        wanted = [record.id for record in everything if matches(record, filters)]
        assert [record.id for record in iterate_readings(filters, block=7)] == wanted, filters
        assert count_readings(filters) == len(wanted) == count_readings(filters, newest=list_readings(filters, limit=9))
        assert count_readings(filters, up_to=3) == min(len(wanted), 4)


def test_pages_lead_there_and_back(either_database: Settings) -> None:
    make_readings(23)
    filters = HistoryFilters(region="wrist")
    first = list_readings(filters, limit=5)
    assert first.newer is None and first.older == first.readings[-1].number
    second = list_readings(filters, before=first.older, limit=5)
    third = list_readings(filters, before=second.older, limit=5)
    assert third.older is None and len(third.readings) == 2
    assert list_readings(filters, after=third.newer, limit=5) == second
    assert list_readings(filters, after=second.newer, limit=5) == first
    assert [record.number for record in (*first.readings, *second.readings, *third.readings)] == [*range(23, 0, -2)]


def test_a_cursor_from_outside_does_no_harm(either_database: Settings) -> None:
    make_readings(3)
    for number, older, newer in ((-1, 0, 3), (0, 0, 3), (10**30, 3, 0)):
        assert len(list_readings(HistoryFilters(), before=number).readings) == older
        assert len(list_readings(HistoryFilters(), after=number).readings) == newer


def test_one_reading_is_found_by_its_id_and_by_its_item(either_database: Settings) -> None:
    make_readings(6)
    [last] = list_readings(HistoryFilters(worklist="list"), limit=1).readings
    assert find_reading(last.id) == last == find_item_reading("list", 5)
    assert find_item_reading("list", 4) is None
    for reading_id in ("", "nothing", "\0", last.id[:31]):
        with pytest.raises(HistoryError, match="no such reading"):
            find_reading(reading_id)


def test_values_are_listed_once_each(either_database: Settings) -> None:
    make_readings(12)
    assert set(list_reading_values("who")) == set(PEOPLE) and len(list_reading_values("who")) == 4
    assert set(list_reading_values("model")) == {"tiny", "other"}


def test_without_a_database_there_is_nothing(own_settings: Settings) -> None:
    assert list_readings(HistoryFilters(who="Ada")).readings == () and count_readings(HistoryFilters()) == 0
    assert list_reading_values("who") == [] and find_item_reading("list", 1) is None
    with pytest.raises(HistoryError):
        find_reading("a" * 32)
    assert not (own_settings.state_dir / "fracture.db").exists()


def test_what_the_gate_said_is_in_the_row(either_database: Settings) -> None:
    make_readings(20)
    with reading_session() as session:
        found = dict(session.execute(select(ReadingRow.gate, func.count()).group_by(ReadingRow.gate)).all())
    assert found == {"passed": 16, "refused": 2, "overridden": 2}
