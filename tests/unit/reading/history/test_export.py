"""Readings as a table: a line each, nothing of a refused one, and nothing that a spreadsheet would run."""

import csv
from dataclasses import replace

from fracture_core.base.settings import Settings
from fracture_core.reading.history.export import COLUMNS, write_readings_csv
from fracture_core.reading.history.record import record_reading
from tests.unit.reading.history.test_record import NEW, REFUSED


def test_every_reading_is_a_line_under_the_head(own_settings: Settings) -> None:
    kept = [record_reading(NEW), record_reading(replace(NEW, suitability=REFUSED, who="=cmd()"))]
    head, *rows = csv.reader("".join(write_readings_csv(kept)).splitlines())
    assert tuple(head) == COLUMNS and len(rows) == 2
    plain, refused = (dict(zip(head, row, strict=True)) for row in rows)
    assert plain["p_fracture"] == f"{kept[0].p_fracture:.6f}" and plain["call"] == kept[0].call
    assert refused["p_fracture"] == refused["call"] == "" and refused["refused"] != plain["refused"]
    assert refused["who"] == "'=cmd()"


def test_no_readings_are_a_head_alone() -> None:
    assert len("".join(write_readings_csv([])).splitlines()) == 1
