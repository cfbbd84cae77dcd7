"""Where a worklist's files lie, which folders may be named, and when copies go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from fracture_core.base.errors import WorklistError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.records.worklist.create import create_from_uploads
from fracture_core.records.worklist.places import (
    check_worklist_folder,
    find_kept,
    find_worklist_file,
    remove_old_files,
)
from fracture_core.records.worklist.read import read_items
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.store.database import writing_session
from fracture_core.store.tables import WorklistRow
from tests.tiny_world import encode_phantom
from tests.unit.records.worklist.conftest import Fill, load, make_upload


def test_only_allowed_folders_may_be_named(
    own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: Fill
) -> None:
    folder = fill(1)
    assert check_worklist_folder(str(folder)) == check_worklist_folder("ward") == folder.resolve()
    (own_settings.data_dir / "way out").symlink_to(tmp_path)
    for text in ("", "nowhere", "/etc", "../state", "way out", str(tmp_path), "a\0b", "~"):
        with pytest.raises(WorklistError, match="no such folder"):
            check_worklist_folder(text)
    monkeypatch.setenv("FRACTURE_WORKLIST_DIRS", f'["{tmp_path}"]')
    get_settings.cache_clear()
    assert check_worklist_folder(str(tmp_path / "data")) == own_settings.data_dir.resolve()


def test_old_copies_go_and_the_rows_stay(
    own_settings: Settings, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    worklist_id = create_from_uploads([make_upload("x.png", encode_phantom(2))], checkpoint)
    read_worklist_files(worklist_id, load)
    remove_old_files()
    assert find_kept(worklist_id).is_dir()
    with writing_session() as session:
        session.execute(update(WorklistRow).values(created_at=datetime.now(UTC) - timedelta(days=31)))
    remove_old_files()
    assert not find_kept(worklist_id).exists() and read_items(worklist_id)[0].status == "done"
    with pytest.raises(WorklistError, match="30 days"):
        find_worklist_file(worklist_id, "", read_items(worklist_id)[0].path)
