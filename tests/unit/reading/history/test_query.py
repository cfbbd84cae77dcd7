"""The questions to the database: newest first and bounded, counted no further than asked, values once each."""

from fracture_core.base.settings import Settings
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.query import Wanted, list_column_values
from fracture_core.store.database import reading_session
from tests.unit.reading.history.world import REGIONS, make_readings


def test_older_and_newer_meet_in_the_middle(own_settings: Settings) -> None:
    make_readings(20)
    with reading_session() as session:
        wanted = Wanted.of(session, HistoryFilters())
        everything = wanted.find_older(session, None, 100)
        assert everything == sorted(everything, reverse=True) and len(everything) == 20
        middle = everything[10]
        assert wanted.find_older(session, middle, 100) == everything[11:]
        assert sorted(wanted.find_newer(session, middle, 100), reverse=True) == everything[:10]
        assert wanted.find_older(session, middle, 3) == everything[11:14]
        assert sorted(wanted.find_newer(session, middle, 3), reverse=True) == everything[7:10]


def test_counting_ends_where_it_was_asked_to(own_settings: Settings) -> None:
    make_readings(20)
    with reading_session() as session:
        wanted = Wanted.of(session, HistoryFilters())
        assert (wanted.count(session, 7), wanted.count(session, 100)) == (7, 20)
        by_part = Wanted.of(session, HistoryFilters(search="ad"))  # two names hold it: one question a name
        assert set(by_part.names) == {"Ada", "Adam"} and by_part.count(session, 100) == 10


def test_values_of_a_column_are_listed_in_order(own_settings: Settings) -> None:
    make_readings(6)
    with reading_session() as session:
        assert list_column_values(session, "region") == sorted(REGIONS)
