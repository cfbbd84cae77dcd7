"""A worklist from its files to its rows: every file is read once, and a bad one is a row with its reason."""

import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import update

from fracture_core.base.errors import DatasetError, WorklistError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.intake.read import read_radiograph_file
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.records.worklist.create import create_from_path, create_from_uploads
from fracture_core.records.worklist.places import (
    check_worklist_folder,
    find_home,
    find_kept,
    find_worklist_file,
    remove_old_files,
)
from fracture_core.records.worklist.read import find_unfinished, list_worklists, read_items, read_worklist
from fracture_core.records.worklist.reader import read_in_background, read_worklist_files, wait_for
from fracture_core.records.worklist.write import (
    ItemOutcome,
    delete_worklist,
    go_on_reading,
    group_by_hand,
    override_refusal,
    put_back,
    record,
    set_apart,
    set_region,
    stop_reading,
    take,
)
from fracture_core.store.database import writing_session
from fracture_core.store.tables import WorklistRow
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import encode_phantom, make_checkpoint
from tests.unit.records.worklist.conftest import Fill, load, make_upload


def make_zip(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return buffer.getvalue()


def test_a_folder_is_read_and_bad_files_are_rows(either_database: Settings, checkpoint: Checkpoint, fill: Fill) -> None:
    folder = fill(12)
    (folder / "labels.csv").write_text("name,label\n")
    told: list[int] = []
    worklist_id = create_from_path(folder, checkpoint)
    assert find_unfinished() == [worklist_id] and read_worklist(worklist_id).progress.waiting == 12
    assert read_worklist_files(worklist_id, load, told.append) and sum(told) == 12
    worklist, items = read_worklist(worklist_id), read_items(worklist_id)
    assert (worklist.progress.done, worklist.progress.failed, worklist.left_out) == (10, 2, 1)
    assert worklist.title == "ward" and worklist.model == "default" and find_unfinished() == []
    assert [item.number for item in items] == list(range(1, 13))
    assert [item.number for item in items if item.status == "failed"] == [5, 10]
    assert all("damaged" in item.reason or "cut short" in item.reason for item in items if item.status == "failed")
    alone = Predictor(checkpoint, "cpu")
    for item in items[:2]:
        reading = alone.read(read_radiograph_file(folder / item.name))
        assert item.p_fracture == pytest.approx(reading.p_fracture, abs=1e-5) and item.call == reading.call
        assert (item.height_px, item.source_type, len(item.sha256)) == (48, "PNG", 64)
    assert not find_kept(worklist_id).exists()  # a folder's files are not copied


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


def test_two_readers_read_nothing_twice(own_settings: Settings, checkpoint: Checkpoint, fill: Fill) -> None:
    worklist_id = create_from_path(fill(24), checkpoint)
    predictor, seen = Predictor(checkpoint, "cpu"), []

    class Counting:
        device = "cpu"

        def read_batch(self, radiographs: list) -> list:
            seen.extend(radiograph.sha256 for radiograph in radiographs)
            return predictor.read_batch(radiographs)

    read_in_background(worklist_id, lambda _: Counting())  # type: ignore[arg-type, return-value]
    others = [read_worklist_files(worklist_id, lambda _: Counting()) for _ in range(5)]  # type: ignore[arg-type, return-value]
    read_in_background(worklist_id, lambda _: Counting())  # type: ignore[arg-type, return-value]
    wait_for(worklist_id, 60)
    assert len(seen) == len(set(seen)) == 20 and read_worklist(worklist_id).progress.done == 20
    assert isinstance(others[0], bool)


def test_stopped_is_not_read_and_goes_on_later(own_settings: Settings, checkpoint: Checkpoint, fill: Fill) -> None:
    worklist_id = create_from_path(fill(40), checkpoint)
    read_worklist_files(worklist_id, load, lambda _: stop_reading(worklist_id))
    stopped = read_worklist(worklist_id)
    assert stopped.stopped and 0 < stopped.progress.waiting < 40 and find_unfinished() == []
    done = {item.number: item.read_at for item in read_items(worklist_id) if item.read_at}
    go_on_reading(worklist_id)
    assert read_worklist_files(worklist_id, load) and read_worklist(worklist_id).progress.waiting == 0
    assert all(item.read_at == done[item.number] for item in read_items(worklist_id) if item.number in done)


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


def test_a_changed_model_is_told_and_reads_nothing(own_settings: Settings, checkpoint: Checkpoint, fill: Fill) -> None:
    worklist_id = create_from_path(fill(3), checkpoint)
    shutil.rmtree(own_settings.checkpoints_dir / "default")
    make_checkpoint(own_settings.checkpoints_dir / "default", seed=5)
    read_in_background(worklist_id, load)
    wait_for(worklist_id, 60)
    worklist = read_worklist(worklist_id)
    assert worklist.stopped and "other weights" in worklist.problem and worklist.progress.waiting == 3


def test_one_file_that_the_network_cannot_take_stops_no_other(
    own_settings: Settings, checkpoint: Checkpoint, fill: Fill
) -> None:
    worklist_id = create_from_path(fill(4), checkpoint)
    predictor = Predictor(checkpoint, "cpu")
    bad = (own_settings.data_dir / "ward" / "002.png").read_bytes()

    class Moody:
        device = "cpu"

        def read(self, radiograph):
            if radiograph.sha256 == sha256(bad).hexdigest():
                raise RuntimeError("secret of the inside")
            return predictor.read(radiograph)

        def read_batch(self, radiographs):
            return [self.read(radiograph) for radiograph in radiographs]

    read_worklist_files(worklist_id, lambda _: Moody())  # type: ignore[arg-type, return-value]
    items = read_items(worklist_id)
    assert [item.status for item in items] == ["done", "failed", "done", "done"]
    assert "id " in items[1].reason and "secret" not in items[1].reason


def test_views_of_one_exam_are_found_and_no_patient_is_kept(own_settings: Settings, checkpoint: Checkpoint) -> None:
    views = [
        build_dicom(draw_bone(12, 64, 64), SOPInstanceUID=f"1.2.{n}", ViewPosition=v)
        for n, v in enumerate(("AP", "LL"))
    ]
    other = build_dicom(draw_bone(12, 64, 64), StudyInstanceUID="1.2.3.4")
    alone = build_dicom(draw_bone(12, 64, 64), StudyInstanceUID=None)
    uploads = [make_upload(f"{n}.dcm", data) for n, data in enumerate((*views, other, alone))]
    ids = [create_from_uploads(uploads, checkpoint) for _ in range(2)]
    first, second = (read_worklist_files(each, load) and read_items(each) for each in ids)
    assert first[0].study == first[1].study != first[2].study and first[3].study == ""
    assert {first[0].study, first[2].study}.isdisjoint({second[0].study, second[2].study})
    assert (first[0].region, first[0].view, first[1].view, first[0].study_by) == ("ankle", "AP", "LL", "header")
    database = b"".join(path.read_bytes() for path in own_settings.state_dir.glob("fracture.db*"))
    assert b"ankle" in database
    assert not any(secret.encode() in database for secret in PATIENT_SECRETS)


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


def test_an_unknown_worklist_is_a_clear_error(own_settings: Settings) -> None:
    for call in (read_worklist, delete_worklist, stop_reading, go_on_reading):
        with pytest.raises(WorklistError, match="no such worklist"):
            call("nothing")
    assert read_items("nothing") == [] and list_worklists() == []
