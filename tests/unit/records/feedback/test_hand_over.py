"""Judged readings go to Retrain: with the readers' label, never from the test side, no group on two sides."""

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from fracture_core.base.errors import FeedbackError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.labelled_images import load_labelled_images
from fracture_core.datasets.sources import REVIEWED_DATASET, has_reviewed, open_dataset
from fracture_core.datasets.splits.partition import divide_by_group
from fracture_core.failures.reviews.hand_over import hand_over_images
from fracture_core.failures.reviews.reviewed_set import find_reviewed_root
from fracture_core.networks.preprocessing import Preprocessing
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.pictures import find_picture, keep_picture, remove_picture
from fracture_core.reading.history.read import iterate_readings
from fracture_core.records import retention
from fracture_core.records.feedback import hand_over as module
from fracture_core.records.feedback.exams import group_exams
from fracture_core.records.feedback.hand_over import hand_back_readings, hand_over_readings, list_handed_over_readings
from fracture_core.records.retention import delete_reading
from fracture_core.store.audit_log.verify import verify_audit_log
from fracture_core.store.database import reading_session, writing_session
from fracture_core.store.tables import AuditLogRow, FeedbackRow, ReadingRow, WorklistItemRow, WorklistRow
from tests.feedback_world import REFUSED, judge, make_reading
from tests.gate_world import make_model
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import encode_phantom, write_dataset
from tests.unit.failures.reviews.test_hand_over import TEST, TRAIN, read_rows


@pytest.fixture
def drawn(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures are kept; the model in use is tested on four files of the data set "drawn"."""
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "1")
    get_settings.cache_clear()
    root = write_dataset(own_settings.data_dir / "drawn", count=16)
    sides = {"train": TRAIN, "val": (), "test": TEST}
    make_model(own_settings.checkpoints_dir / "default", seed=1, skill=1.0, sides=sides, tested=False)
    return root


def turn(data: bytes) -> bytes:
    """Return the same radiograph as another file: mirrored, and saved anew."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(buffer, "PNG")
    return buffer.getvalue()


def join_exam(worklist: str, study: str, *files: bytes) -> None:
    """Write a worklist, or more of it, whose files are of one exam, and readings of them."""
    numbers = []
    with writing_session() as session:
        if session.get(WorklistRow, worklist) is None:
            session.add(
                WorklistRow(
                    id=worklist,
                    created_at=datetime.now(UTC),
                    title="",
                    source="upload",
                    model="",
                    model_sha256="",
                    salt="",
                )
            )
            session.flush()
        for data in files:
            numbers.append(session.query(WorklistItemRow).filter_by(worklist_id=worklist).count() + 1)
            session.add(
                WorklistItemRow(
                    worklist_id=worklist,
                    number=numbers[-1],
                    name="",
                    path="",
                    status="done",
                    study=study,
                    sha256=read_radiograph(data).sha256,
                )
            )
            session.flush()
    for number, data in zip(numbers, files, strict=True):
        make_reading("positive", data=data, worklist_id=worklist, item_number=number)


def test_the_picture_goes_in_with_the_label_of_its_readers(drawn: Path) -> None:
    record = make_reading("positive", data=encode_phantom(41), region="ankle")
    judge(record, 0, "Ben")
    outcome = hand_over_readings([record.id], "Ada")
    assert (outcome.added, outcome.refused, outcome.updated, outcome.remarks) == ((record.id,), {}, (), ())
    [item] = open_dataset(REVIEWED_DATASET).items
    assert (item.label, item.region) == (0, "leg") and has_reviewed()
    assert item.path.read_bytes() == find_picture(record.id).read_bytes()  # type: ignore[union-attr]
    assert list_handed_over_readings([record.id, "f" * 32]) == {record.id}
    with reading_session() as session:
        entry = session.query(AuditLogRow).order_by(AuditLogRow.number.desc()).first()
        assert (entry.action, entry.subject, entry.who) == (
            "hand-over",
            REVIEWED_DATASET,
            "Ada",
        ) and record.id in entry.details
    assert verify_audit_log().holds


def test_it_follows_its_readers_when_it_is_offered_again(drawn: Path) -> None:
    record = make_reading("positive", data=encode_phantom(41))
    judge(record, 0, "Ben")
    hand_over_readings([record.id], "Ada")
    judge(record, 1, "Ben", region="thumb")
    again = hand_over_readings([record.id], "Cy")
    assert again.added == again.updated == (record.id,)
    [row] = read_rows()
    assert (row["label"], row["region"], row["by"]) == ("1", "hand", "Cy")
    assert hand_back_readings([record.id, "0" * 32], "Ada") == (record.id,)
    assert not has_reviewed()
    hand_over_readings([record.id], "Ada")
    judge(record, 0, "Di")
    assert "disputed" in hand_over_readings([record.id], "Ada").refused[record.id]
    assert not has_reviewed() and list((find_reviewed_root() / "images").iterdir()) == []


def test_all_who_judged_a_file_have_their_say_whichever_reading_they_saw(drawn: Path) -> None:
    data = encode_phantom(41)
    first, second = make_reading("positive", data=data), make_reading("negative", data=data, model="other")
    judge(first, 1, "Ben")
    judge(second, 0, "Cy")
    assert "disputed" in hand_over_readings([first.id], "Ada").refused[first.id]
    judge(second, 1, "Di")
    assert hand_over_readings([first.id, second.id], "Ada").added == (first.id, second.id)
    assert [row["label"] for row in read_rows()] == ["1"]


def test_what_may_not_be_learned_from_is_refused_with_the_reason(drawn: Path) -> None:
    unjudged = make_reading("positive", data=encode_phantom(1))
    gone = make_reading("positive", data=encode_phantom(2))
    refused = make_reading("positive", suitability=REFUSED)
    disputed = make_reading("positive", data=encode_phantom(3))
    damaged = make_reading("positive", data=encode_phantom(4))
    good = make_reading("positive", data=encode_phantom(5))
    for record in (gone, disputed, damaged, good):
        judge(record, 1)
    judge(disputed, 0, "Cy")
    remove_picture(gone.id)
    path = find_picture(damaged.id)
    path.write_bytes(path.read_bytes()[:200])  # type: ignore[union-attr]
    reasons = {
        unjudged.id: "Nobody has judged",
        gone.id: "not kept",
        refused.id: "refused before",
        disputed.id: "disputed",
        damaged.id: "damaged",
        "f" * 32: "no such reading",
        "nonsense\0": "no such reading",
    }
    outcome = hand_over_readings([*reasons, good.id], "Ada")
    assert set(outcome.refused) == set(reasons) and outcome.added == (good.id,)
    for reading_id, words in reasons.items():
        assert words in outcome.refused[reading_id], reading_id


def test_nothing_goes_in_where_the_settings_keep_no_pictures(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_reading("positive", data=encode_phantom(41))
    judge(record, 1)
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "0")
    get_settings.cache_clear()
    assert "keep_pictures" in hand_over_readings([record.id], "Ada").refused[record.id] and not has_reviewed()


def test_the_test_side_and_its_copies_never_go_in(drawn: Path) -> None:
    frozen = (drawn / TEST[0]).read_bytes()
    records = [make_reading("positive", data=data) for data in (frozen, turn(frozen), encode_phantom(55))]
    for record in records:
        judge(record, 1)
    outcome = hand_over_readings([record.id for record in records], "Ada")
    assert outcome.added == (records[2].id,)
    assert all("test side of 'default'" in outcome.refused[record.id] for record in records[:2])


def test_a_test_set_that_is_elsewhere_is_told(drawn: Path, own_settings: Settings) -> None:
    drawn.rename(own_settings.data_dir / "away")
    record = make_reading("positive", data=encode_phantom(41))
    judge(record, 1)
    [remark] = hand_over_readings([record.id], "Ada").remarks
    assert "drawn" in remark and "not on this machine" in remark


def test_of_a_dicom_only_pixels_go_in(drawn: Path) -> None:
    data = build_dicom(draw_bone(12, 64, 64))
    record = make_reading("positive", data=data)
    judge(record, 1)
    assert hand_over_readings([record.id], "Ada").refused == {}
    content = b"".join(path.read_bytes() for path in find_reviewed_root().rglob("*") if path.is_file())
    assert not any(secret.encode() in content for secret in PATIENT_SECRETS)
    [item] = open_dataset(REVIEWED_DATASET).items
    here, there = read_radiograph_file(item.path), read_radiograph(data)
    assert here.bit_depth == 16 and np.abs(here.pixels - there.pixels).max() < 1e-4


def test_frames_of_a_file_and_views_of_an_exam_are_one_group(drawn: Path) -> None:
    files = [encode_phantom(number) for number in range(60, 66)]
    records = [make_reading("positive", data=data) for data in files]
    frame = make_reading("positive", data=files[5], frame=1)
    join_exam("one", "E", files[0], files[1])
    join_exam("two", "F", files[1], files[2])  # by way of a file in both lists
    join_exam("two", "G", files[3])
    for record in (*records, frame):
        judge(record, 1)
    assert hand_over_readings([records[0].id], "Ada").refused == {}
    assert hand_over_readings([records[2].id, records[3].id, records[5].id, frame.id], "Ada").refused == {}
    group = {row["source_name"]: row["group"] for row in read_rows()}
    groups = [group[f"{record.sha256}/{record.frame}"] for record in (records[0], *records[2:4], records[5], frame)]
    assert groups[0] == groups[1] and groups[3] == groups[4] and len(set(groups)) == 3


def test_views_of_one_exam_are_one_group_by_whichever_door_they_came(drawn: Path) -> None:
    uids = ("1.2.826.77", "1.2.826.77", "1.2.826.78", "")
    files = [build_dicom(draw_bone(12, 64, 64 + n), StudyInstanceUID=uid) for n, uid in enumerate(uids)]
    records = [make_reading("positive", data=data, source="PACS") for data in (*files, encode_phantom(61))]
    for record in records:
        judge(record, 1)
    assert hand_over_readings([record.id for record in records], "Ada").refused == {}
    group = {row["source_name"]: row["group"] for row in read_rows()}
    of = [group[f"{record.sha256}/0"] for record in records]
    assert of[0] == of[1] and len(set(of)) == 4
    with reading_session() as session:
        kept = [*session.scalars(select(ReadingRow.exam).order_by(ReadingRow.number))]
    assert kept[0] == kept[1] != kept[2] and kept[3:] == ["", ""]
    for uid in set(uids) - {""}:  # nothing that an archive could be asked for
        assert not any(text in kept for text in (uid, sha256(uid.encode()).hexdigest()[:32]))
        assert uid.encode() not in (get_settings().state_dir / "fracture.db").read_bytes()


def test_groups_are_only_ever_joined(own_settings: Settings) -> None:
    make_reading()  # there is a database
    assert group_exams({"b/0": "file/a", "a/0": "file/a", "c/0": "", "c/1": ""}) == {
        "a/0": "file/a",
        "b/0": "file/a",
        "c/0": "file/c",
        "c/1": "file/c",
    }


def test_trained_beside_other_data_no_radiograph_is_on_two_sides(drawn: Path, tmp_path: Path) -> None:
    files = [turn((drawn / TRAIN[0]).read_bytes()), *(encode_phantom(number) for number in range(70, 75))]
    records = [make_reading("positive", data=data) for data in files]
    copy = make_reading("positive", data=turn(files[1]))
    join_exam("one", "E", files[2], files[3])
    for record in (*records, copy):
        judge(record, 1)
    ids = [record.id for record in (*records, copy)]
    assert set(hand_over_readings(ids, "Ada").added) == set(ids)
    hand_over_images("drawn", TRAIN[1:2], "Ada")  # from Failures, into the same set
    assert len(open_dataset(REVIEWED_DATASET).items) == len(ids) + 1
    catalogs = [open_dataset("drawn"), open_dataset(REVIEWED_DATASET)]
    images = load_labelled_images(catalogs, Preprocessing(input_size_px=32), cache_dir=tmp_path)
    assert images.excluded == ()
    for seed in range(6):
        parts = divide_by_group(images, seed=seed, kept={"drawn": {"test": frozenset(TEST)}})
        groups = {side: {item.group for item in part.items} for side, part in parts.items()}
        assert not groups["train"] & groups["test"] and not groups["train"] & groups["val"]
        assert not groups["val"] & groups["test"] and REVIEWED_DATASET not in parts["test"].datasets
        assert sum(part.datasets.count(REVIEWED_DATASET) for part in parts.values()) == len(ids) + 1
    group = {item.name.removeprefix(f"{REVIEWED_DATASET}/"): item.group for item in images.items}
    path = {row["source_name"]: row["path"] for row in read_rows()}
    of = [group[path[f"{record.sha256}/0"]] for record in (*records, copy)]
    assert of[1] == of[6] and of[2] == of[3] and len(set(of)) == 5
    original = next(item.group for item in images.items if item.name == f"drawn/{TRAIN[0]}")
    assert of[0] == original


def test_a_deleted_reading_leaves_the_set_with_the_last_of_its_file(drawn: Path) -> None:
    data = encode_phantom(41)
    first, second = make_reading("positive", data=data), make_reading("positive", data=data)
    judge(first, 1)
    judge(second, 1)
    hand_over_readings([first.id], "Ada")
    delete_reading(first.id, "Ada", "wrong patient")
    assert len(read_rows()) == 1
    delete_reading(second.id, "Ada", "wrong patient")
    assert read_rows() == [] and list((find_reviewed_root() / "images").iterdir()) == [] and verify_audit_log().holds
    with reading_session() as session:
        assert session.query(FeedbackRow).count() == 0


def test_a_reading_that_is_deleted_meanwhile_does_not_go_in(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode_phantom(41)
    first, second = make_reading("positive", data=data), make_reading("positive", data=encode_phantom(42))
    judge(first, 1)
    judge(second, 1)
    look = module._look

    def look_and_delete(candidates: list, *rest: object) -> object:
        found = look(candidates, *rest)
        delete_reading(first.id, "Ada", "wrong patient")
        keep_picture(first.id, read_radiograph(data))  # not yet removed by whoever deletes it
        return found

    monkeypatch.setattr(module, "_look", look_and_delete)
    outcome = hand_over_readings([first.id, second.id], "Ada")
    assert outcome.added == (second.id,) and "deleted" in outcome.refused[first.id]
    assert len(read_rows()) == 1


def test_killed_while_it_is_deleted_leaves_nothing_behind(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = make_reading("positive", data=encode_phantom(41))
    judge(record, 1)
    hand_over_readings([record.id], "Ada")
    for step in ("append_audit_entry", "_remove_pictures"):

        def kill(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
            killed.setattr(retention, step, kill)
            delete_reading(record.id, "Ada", "wrong patient")
        is_there = any(each.id == record.id for each in iterate_readings(HistoryFilters()))
        assert bool(read_rows()) == is_there == (step == "append_audit_entry")
    assert verify_audit_log().holds


def test_bad_calls_are_clear_errors(drawn: Path) -> None:
    with pytest.raises(FeedbackError, match="name is empty"):
        hand_over_readings(["f" * 32], " ")
    with pytest.raises(FeedbackError, match="No reading"):
        hand_over_readings([], "Ada")
    assert hand_back_readings(["f" * 32]) == () and list_handed_over_readings([]) == frozenset()
