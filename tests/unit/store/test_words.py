"""Columns of words: none but known ones are written, whatever stands there is read, on SQLite and PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import String, func, select, text, update

from fracture_core.base.errors import StoreError
from fracture_core.base.settings import Settings
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import Table, WorklistRow
from fracture_core.store.words import WordColumn, WorklistSource

COLUMNS = [
    column for table in Table.metadata.sorted_tables for column in table.columns if isinstance(column.type, WordColumn)
]


def build_row(source: str) -> WorklistRow:
    facts = {"title": "t", "model": "default", "model_sha256": "a" * 64, "salt": "s"}
    return WorklistRow(id=source, source=source, created_at=datetime.now(UTC), **facts)


def list_sources() -> list[str]:
    with reading_session() as session:
        return list(session.scalars(select(WorklistRow.source).order_by(WorklistRow.id)))


def test_an_unknown_word_is_refused_with_those_that_are_known_and_nothing_is_written(either_database: Settings) -> None:
    with pytest.raises(StoreError, match=r"takes no 'carrier pigeon'.*'zip'"), writing_session() as session:
        session.add_all([build_row("zip"), build_row("carrier pigeon")])
    assert list_sources() == []


def test_a_change_to_an_unknown_word_is_refused_too(either_database: Settings) -> None:
    with writing_session() as session:
        session.add(build_row("zip"))
    with pytest.raises(StoreError, match="takes no 'rocket'"), writing_session() as session:
        session.execute(update(WorklistRow).values(source="rocket"))
    assert list_sources() == ["zip"]


def test_a_word_of_a_later_version_is_read_and_hides_no_other(either_database: Settings) -> None:
    with writing_session() as session:
        session.add_all([build_row("folder"), build_row("zip")])
        session.flush()
        session.execute(text("UPDATE worklists SET source = 'satellite' WHERE id = 'folder'"))
    assert list_sources() == ["satellite", "zip"]


def test_a_question_may_name_any_text(either_database: Settings) -> None:
    with writing_session() as session:
        session.add(build_row("zip"))
    with reading_session() as session:
        for condition, expected in (
            (WorklistRow.source == "rocket", 0),
            (WorklistRow.source == "zip", 1),
            (WorklistRow.source.in_(["rocket", "zip"]), 1),
            (WorklistRow.source + "" == "zip", 1),
        ):
            assert session.scalar(select(func.count()).select_from(WorklistRow).where(condition)) == expected


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_word_fits_into_its_column(column) -> None:
    assert isinstance(column.type.impl, String) and column.type.impl.length == column.type.length
    assert max(map(len, column.type.words)) <= column.type.length


def test_columns_of_one_set_know_the_same_words() -> None:
    assert len(COLUMNS) >= 10
    found = {str(column): column.type.words for column in COLUMNS}
    assert found["worklists.source"] == WordColumn.of(WorklistSource, 16).words
    assert found["worklist_items.call"] == (*found["readings.call"], "")
