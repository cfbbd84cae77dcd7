"""What people and readers write of items."""

import pytest

from fracture_core.base.errors import WorklistError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.records.worklist.create import create_from_path
from fracture_core.records.worklist.read import read_items, read_worklist
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.records.worklist.write import (
    ItemOutcome,
    group_by_hand,
    override_refusal,
    put_back,
    record,
    set_apart,
    set_region,
    take,
)
from tests.unit.records.worklist.conftest import Fill, load


def test_files_in_hand_of_a_reader_that_died_wait_again(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(6), checkpoint)
    assert [item.number for item in take(worklist_id, 4)] == [1, 2, 3, 4]
    assert read_worklist(worklist_id).progress.waiting == 6
    put_back(worklist_id)
    assert [item.number for item in take(worklist_id, 2)] == [1, 2]
    record(worklist_id, [ItemOutcome(1, reason="x"), ItemOutcome(3, reason="not in hand")])
    assert [item.status for item in read_items(worklist_id)][:3] == ["failed", "reading", "waiting"]


def test_grouping_by_hand(either_database: Settings, checkpoint: Checkpoint, fill: Fill) -> None:
    worklist_id = create_from_path(fill(4), checkpoint)
    group_by_hand(worklist_id, [1, 3])
    set_region(worklist_id, 1, "wrist")
    read_worklist_files(worklist_id, load)  # what a person said goes before what the file says
    items = read_items(worklist_id)
    assert items[0].study == items[2].study != "" and items[0].region == "wrist" and items[1].study == ""
    group_by_hand(worklist_id, [3, 4])
    assert len({item.study for item in read_items(worklist_id) if item.number in (1, 3, 4)}) == 1
    set_apart(worklist_id, 4)
    assert read_items(worklist_id)[3].study == ""
    for numbers in ([1], [1, 9]):
        with pytest.raises(WorklistError, match="two views"):
            group_by_hand(worklist_id, numbers)


def test_a_refused_reading_is_shown_after_an_override(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(2), checkpoint)
    take(worklist_id, 2)
    record(
        worklist_id,
        [ItemOutcome(1, call="positive", p_fracture=0.9, label="fractured", refusals=("A chest.",)), ItemOutcome(2)],
    )
    item = read_items(worklist_id)[0]
    assert item.is_refused and item.shown_call is None and item.shown_p is None
    for who, why in (("", "x"), ("Ada", " ")):
        with pytest.raises(WorklistError, match="who you are"):
            override_refusal(worklist_id, 1, who, why)
    override_refusal(worklist_id, 1, "Ada", "It is a rib view")
    item = read_items(worklist_id)[0]
    assert (item.shown_call, item.shown_p) == ("positive", 0.9)
    assert item.override and (item.override.who, item.override.why) == ("Ada", "It is a rib view")
    with pytest.raises(WorklistError, match="not refused"):
        override_refusal(worklist_id, 2, "Ada", "y")
