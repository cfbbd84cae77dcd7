"""A reading on its way into the history: once, tried again when asked, with what a person decides meanwhile."""

from dataclasses import replace

import pytest

from fracture_core.base.errors import RequestKeyError, StoreBusyError, StoreError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading import keeping
from fracture_core.reading.act import ReadFile, ReadRequest, read_file
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import iterate_readings
from fracture_core.reading.history.record import NewReading, record_reading
from fracture_core.reading.keeping import HistoryKeeper, Keeping, build_request_key, check_same_request
from fracture_core.reading.suitability.findings import decide_override
from tests.tiny_world import encode_phantom, make_checkpoint
from tests.unit.reading.history.test_record import NEW, REFUSED


def count_kept() -> int:
    return len([*iterate_readings(HistoryFilters())])


@pytest.fixture
def read(own_settings: Settings) -> ReadFile:
    checkpoint: Checkpoint = make_checkpoint(own_settings.checkpoints_dir / "default")
    return read_file(encode_phantom(), ReadRequest(checkpoint, "command line"))


def test_it_is_kept_once(own_settings: Settings) -> None:
    one = Keeping(NEW)
    assert one.is_wanted and not one.id
    one.keep()
    first = one.find_record()
    one.keep()
    assert first is not None and first.id == one.id and count_kept() == 1


def test_what_is_not_wanted_is_not_kept(own_settings: Settings) -> None:
    one = Keeping(None)
    one.keep()
    assert not one.is_wanted and one.find_record() is None and count_kept() == 0


def test_after_a_failure_it_is_tried_only_when_asked(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_new: NewReading) -> None:
        raise StoreError("The database is away.", "See that it runs.")

    one = Keeping(NEW)
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "record_reading", fail)
        assert one.find_record() is None and one.problem is not None
    one.keep()
    assert not one.id
    one.keep(again=True)
    assert one.id and one.problem is None and count_kept() == 1


def test_an_override_before_and_after_it_was_kept(own_settings: Settings) -> None:
    refused = replace(NEW, suitability=REFUSED)
    decision = decide_override(REFUSED, by="Ada", why="a rib view")
    before, after = Keeping(refused), Keeping(refused)
    before.override(decision)
    after.keep()
    assert (record := after.find_record()) is not None and record.is_refused
    after.override(decision)
    for one in (before, after):
        kept = one.find_record()
        assert kept is not None and not kept.is_refused and kept.override_why == "a rib view"


def test_a_command_keeps_in_one_go_or_says_what_is_lost(read: ReadFile, monkeypatch: pytest.MonkeyPatch) -> None:
    assert HistoryKeeper(is_on=False).keep([read]) == "" and count_kept() == 0
    keeper = HistoryKeeper(is_on=True)
    assert keeper.keep([]) == "" and keeper.keep([read, read]) == "" and count_kept() == 2
    tried: list[int] = []

    def fail(news: list[NewReading]) -> None:
        tried.append(len(news))
        raise error

    monkeypatch.setattr(keeping, "record_all", fail)
    error: StoreError = StoreBusyError("The database is locked.", "Wait.")
    assert "1 of the readings are not kept" in keeper.keep([read])
    error = StoreError("The database is broken.", "Mend it.")
    assert "these readings are not kept" in keeper.keep([read]) and "broken" not in keeper.keep([read])
    assert tried == [1, 1]  # one that cannot be used at all is not tried a third time


def test_keys_tell_doors_and_requests_apart() -> None:
    keys = {build_request_key("API", "a"), build_request_key("DICOM", "a"), build_request_key("API", "b")}
    assert len(keys) == 3 and all(len(key) == 64 for key in keys)
    assert build_request_key("API", "a") == build_request_key("API", "a")


@pytest.mark.parametrize("change", [{"file_sha256": "f" * 64}, {"frame": 1}, {"correction": "invert"}, {"model": "m"}])
def test_a_key_of_another_request_is_refused(own_settings: Settings, change: dict[str, object]) -> None:
    record = record_reading(NEW)
    asked = {"file_sha256": record.sha256, "frame": 0, "correction": "", "override_why": ""}
    check_same_request(record, **asked)
    with pytest.raises(RequestKeyError):
        check_same_request(record, **(asked | change))


def test_the_reason_of_an_override_belongs_to_the_request(own_settings: Settings) -> None:
    decision = decide_override(REFUSED, by="Ada", why="a rib view")
    record = record_reading(replace(NEW, suitability=REFUSED, override=decision))
    asked = {"file_sha256": record.sha256, "frame": 0, "correction": ""}
    check_same_request(record, **asked, override_why="a rib view")
    with pytest.raises(RequestKeyError):
        check_same_request(record, **asked, override_why="another reason")
