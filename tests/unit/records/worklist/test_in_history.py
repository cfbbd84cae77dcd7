"""What a worklist reads is in the history, each file once, with its overrides; in the same transaction as the item."""

import pytest

from fracture_core.base.errors import StoreError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.pictures import list_pictures
from fracture_core.reading.history.read import find_item_reading, iterate_readings
from fracture_core.reading.history.records import ReadingRecord
from fracture_core.records.worklist import write
from fracture_core.records.worklist.create import create_from_path
from fracture_core.records.worklist.read import read_items
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.records.worklist.write import (
    ItemOutcome,
    delete_worklist,
    override_refusal,
    put_back,
    record,
    set_region,
    take,
)
from fracture_core.store.audit_log.verify import verify_audit_log
from tests.unit.reading.history.test_record import NEW, REFUSED
from tests.unit.records.worklist.conftest import Fill, load


def list_all() -> list[ReadingRecord]:
    return [*iterate_readings(HistoryFilters())]


def test_each_file_that_is_read_is_a_reading_once(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(6), checkpoint)
    assert read_worklist_files(worklist_id, load) and read_worklist_files(worklist_id, load)
    items, kept = {item.number: item for item in read_items(worklist_id)}, list_all()
    assert [each.item_number for each in kept] == [6, 4, 3, 2, 1]  # the fifth cannot be read
    for each in kept:
        item = items[each.item_number or 0]
        assert (each.source, each.worklist_id, each.sha256) == ("worklist", worklist_id, item.sha256)
        assert (each.call, each.p_fracture, each.is_refused) == (item.call, item.p_fracture, item.is_refused)
        assert find_item_reading(worklist_id, item.number) == each and each.name == ""
    delete_worklist(worklist_id)
    assert list_all() == kept and verify_audit_log().holds


def test_an_override_in_the_list_is_one_in_the_history(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(1), checkpoint)
    take(worklist_id, 1)
    new = NEW.__class__(**vars(NEW) | {"suitability": REFUSED, "worklist_id": worklist_id, "item_number": 1})
    record(worklist_id, [ItemOutcome(1, call="positive", p_fracture=0.9, refusals=("A chest.",), reading=new)])
    set_region(worklist_id, 1, "wrist")
    assert list_all()[0].is_refused
    override_refusal(worklist_id, 1, "Ada", "It is a rib view")
    [kept] = list_all()
    assert (kept.is_refused, kept.override_who, kept.override_why) == (False, "Ada", "It is a rib view")
    assert verify_audit_log().count == 2 and verify_audit_log().holds


def test_item_and_reading_are_both_there_or_neither(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "true")
    get_settings.cache_clear()
    worklist_id = create_from_path(fill(2), checkpoint)

    def fail(*_: object) -> None:
        raise StoreError("The disk is full.", "")

    with monkeypatch.context() as broken, pytest.raises(StoreError):
        broken.setattr(write, "record_readings", fail)
        read_worklist_files(worklist_id, load)
    assert (
        not list_all()
        and not [*list_pictures()]
        and {item.status for item in read_items(worklist_id)}
        <= {
            "reading",
            "waiting",
        }
    )
    put_back(worklist_id)
    assert read_worklist_files(worklist_id, load)
    assert len(list_all()) == 2 == len([*list_pictures()])


def test_a_file_of_a_list_that_was_deleted_meanwhile_is_no_reading(
    either_database: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(1), checkpoint)
    take(worklist_id, 1)
    delete_worklist(worklist_id)
    record(worklist_id, [ItemOutcome(1, call="positive", p_fracture=0.9, reading=NEW)])
    assert not list_all()
