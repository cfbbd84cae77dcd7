"""Reading a worklist: one reader at a time, a bad file a row."""

import shutil
from hashlib import sha256

import pytest

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.intake.read import read_radiograph_file
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.records.worklist.create import create_from_path, create_from_uploads
from fracture_core.records.worklist.places import (
    find_kept,
)
from fracture_core.records.worklist.read import find_unfinished, read_items, read_worklist
from fracture_core.records.worklist.reader import read_in_background, read_worklist_files, wait_for
from fracture_core.records.worklist.write import (
    go_on_reading,
    stop_reading,
)
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import make_checkpoint
from tests.unit.records.worklist.conftest import Fill, load, make_upload


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
