"""A worklist from its files to its rows: every file is read once, and a bad one is a row with its reason."""

import pytest

from fracture_core.base.errors import WorklistError
from fracture_core.base.settings import Settings
from fracture_core.records.worklist.read import list_worklists, read_items, read_worklist
from fracture_core.records.worklist.write import (
    delete_worklist,
    go_on_reading,
    stop_reading,
)


def test_an_unknown_worklist_is_a_clear_error(own_settings: Settings) -> None:
    for call in (read_worklist, delete_worklist, stop_reading, go_on_reading):
        with pytest.raises(WorklistError, match="no such worklist"):
            call("nothing")
    assert read_items("nothing") == [] and list_worklists() == []
