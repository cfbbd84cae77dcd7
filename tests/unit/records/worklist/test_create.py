"""From a folder, uploads or a zip to a worklist."""

import zipfile
from io import BytesIO

import pytest

from fracture_core.base.errors import DatasetError, WorklistError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.records.worklist.create import create_from_path, create_from_uploads
from fracture_core.records.worklist.places import (
    find_home,
    find_worklist_file,
)
from fracture_core.records.worklist.read import list_worklists, read_items, read_worklist
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.records.worklist.write import (
    delete_worklist,
)
from tests.tiny_world import encode_phantom
from tests.unit.records.worklist.conftest import Fill, load, make_upload


def make_zip(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return buffer.getvalue()


def test_uploads_and_zips_become_rows_and_are_kept(own_settings: Settings, checkpoint: Checkpoint) -> None:
    packed = make_zip(a__one_dot_png=encode_phantom(1), DICOMDIR=b"index", notes_dot_txt=b"words")
    uploads = [make_upload("x.png", encode_phantom(2)), make_upload("more.zip", packed), make_upload("empty.png", b"")]
    worklist_id = create_from_uploads(uploads, checkpoint)
    assert read_worklist_files(worklist_id, load)
    worklist, items = read_worklist(worklist_id), read_items(worklist_id)
    assert (worklist.title, worklist.source, worklist.left_out) == ("3 files", "upload", 1)
    assert [(item.name, item.status) for item in items] == [
        ("x.png", "done"),
        ("a/one.png", "done"),
        ("notes.txt", "failed"),
        ("empty.png", "failed"),
    ]
    assert "empty" in items[3].reason
    assert find_worklist_file(worklist_id, "", items[1].path).read_bytes() == encode_phantom(1)
    delete_worklist(worklist_id)
    assert not find_home(worklist_id).exists() and list_worklists() == [] and read_items(worklist_id) == []


def test_a_bad_zip_leaves_nothing_behind(own_settings: Settings, checkpoint: Checkpoint) -> None:
    with pytest.raises(DatasetError, match="no zip"):
        create_from_uploads([make_upload("a.zip", b"nonsense")], checkpoint)
    with pytest.raises(DatasetError, match="lead out"):
        create_from_uploads([make_upload("a.zip", make_zip(**{"..__evil_dot_png": b""}))], checkpoint)
    with pytest.raises(WorklistError, match="no radiograph"):
        create_from_uploads([make_upload("a.zip", make_zip(readme=b"x"))], checkpoint)
    assert list(own_settings.state_dir.glob("worklists/*")) == [] and list_worklists() == []


def test_too_many_files_are_refused(
    own_settings: Settings, checkpoint: Checkpoint, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(3)
    monkeypatch.setenv("FRACTURE_MAX_WORKLIST_FILES", "2")
    get_settings.cache_clear()
    with pytest.raises(WorklistError, match="at most 2 files"):
        create_from_path(folder, checkpoint)
