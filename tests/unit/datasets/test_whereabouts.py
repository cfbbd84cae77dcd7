"""A data set that a checkpoint names is found by its name, or where a training was given it."""

import os
from datetime import UTC, datetime
from pathlib import Path

from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import PHANTOM_DATASET, open_dataset
from fracture_core.datasets.whereabouts import find_catalog, stamp_places
from fracture_core.store import RunRow, writing_session
from tests.tiny_world import write_dataset


def train_on(*places: Path) -> None:
    """Leave the row of a training that was given these folders."""
    now = datetime(2026, 1, 2, tzinfo=UTC)
    request = {"data": [str(place) for place in places]}
    times = {"created_at": now, "queued_at": now, "updated_at": now}
    with writing_session() as session:
        session.add(RunRow(id="run", status="finished", request=request, host="here", **times))


def test_known_by_name(own_settings: Settings) -> None:
    assert find_catalog("ours") is None and stamp_places("ours") == ()
    root = write_dataset(own_settings.data_dir / "ours", count=4)
    found = find_catalog("ours")
    assert found is not None and found.root == root
    assert [place for place, _ in stamp_places("ours")] == [str(root)]


def test_a_folder_that_a_training_was_given_is_looked_into(own_settings: Settings, tmp_path: Path) -> None:
    root = write_dataset(tmp_path / "elsewhere" / "ours", count=4)
    other = write_dataset(tmp_path / "elsewhere" / "other", count=4)
    train_on(root, other)
    found = find_catalog("ours")
    assert found is not None and found.root == root
    assert [place for place, _ in stamp_places("ours")] == [str(root)]


def test_the_very_same_goes_before_one_that_only_has_the_files(own_settings: Settings, tmp_path: Path) -> None:
    write_dataset(own_settings.data_dir / "ours", count=6)
    same = write_dataset(tmp_path / "elsewhere" / "ours", count=4)
    train_on(same)
    named = find_catalog("ours")
    assert named is not None and len(named.items) == 6, "any will do, and the known one is asked first"
    given = {item.name for item in named.items[:2]}
    elsewhere = find_catalog("ours", "of another time", given)
    assert elsewhere is not None and len(elsewhere.items) == 6
    found = find_catalog("ours", open_dataset(str(same)).fingerprint, given)
    assert found is not None and found.root == same


def test_one_that_lacks_a_file_is_not_it(own_settings: Settings) -> None:
    write_dataset(own_settings.data_dir / "ours", count=4)
    assert find_catalog("ours", "of another time", ["fractured/gone.png"]) is None


def test_a_stamp_changes_with_the_folder_and_draws_nothing(own_settings: Settings) -> None:
    root = write_dataset(own_settings.data_dir / "ours", count=4)
    before = stamp_places("ours")
    os.utime(root, ns=(0, before[0][1] + 1_000_000_000))
    assert stamp_places("ours") != before
    assert stamp_places(PHANTOM_DATASET) == ((str(own_settings.state_dir / PHANTOM_DATASET), 0),)
    assert not (own_settings.state_dir / PHANTOM_DATASET).exists()
