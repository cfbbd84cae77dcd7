"""Train on these next: what goes in, what is refused and why, and that no copy falls on two sides."""

import csv
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import DatasetError, ReviewError
from fracture_core.base.settings import Settings
from fracture_core.datasets.labelled_images import load_labelled_images
from fracture_core.datasets.layouts.items import Box
from fracture_core.datasets.layouts.manifest_csv import MANIFEST_NAME
from fracture_core.datasets.sources import REVIEWED_DATASET, has_reviewed, open_dataset
from fracture_core.datasets.splits.partition import divide_by_group
from fracture_core.failures.reviews.hand_over import hand_back, hand_over_images, list_handed_over
from fracture_core.failures.reviews.reviewed_set import ReviewedSet, find_reviewed_root
from fracture_core.failures.reviews.write import propose_label
from fracture_core.networks.preprocessing import Preprocessing
from fracture_core.radiographs.intake.read import read_radiograph_file
from fracture_core.training.sampling import EpochSampler
from tests.gate_world import make_model
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import encode_phantom, write_dataset

TRAIN = ("fractured/01.png", "fractured/03.png", "not fractured/00.png", "not fractured/02.png")
TEST = ("fractured/05.png", "fractured/07.png", "not fractured/04.png", "not fractured/06.png")


@pytest.fixture
def drawn(own_settings: Settings) -> Path:
    """The data set "drawn", of which the model in use is tested on four files."""
    root = write_dataset(own_settings.data_dir / "drawn", count=16)
    sides = {"train": TRAIN, "val": (), "test": TEST}
    make_model(own_settings.checkpoints_dir / "default", seed=1, skill=1.0, sides=sides, tested=False)
    return root


def read_rows() -> list[dict[str, str]]:
    with (find_reviewed_root() / MANIFEST_NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_file_goes_in_as_it_is_with_the_label_that_was_given(drawn: Path) -> None:
    seen: list[tuple[int, int]] = []
    outcome = hand_over_images("drawn", TRAIN[:2], "Ada", lambda done, total: seen.append((done, total)))
    assert (outcome.added, outcome.refused, outcome.updated) == (TRAIN[:2], {}, ()) and seen == [(1, 2), (2, 2)]
    assert has_reviewed() and list_handed_over("drawn") == set(TRAIN[:2])
    items = open_dataset(REVIEWED_DATASET).items
    assert {item.path.read_bytes() for item in items} == {(drawn / name).read_bytes() for name in TRAIN[:2]}
    assert [item.label for item in items] == [1, 1]
    assert all(row["by"] == "Ada" and row["at"] for row in read_rows())


def test_the_proposed_label_goes_before_the_given_one_and_follows_it(drawn: Path) -> None:
    name = TRAIN[0]
    propose_label("drawn", [name], 0, "Ben")
    hand_over_images("drawn", [name], "Ada")
    assert [item.label for item in open_dataset(REVIEWED_DATASET).items] == [0]
    propose_label("drawn", [name], None, "Ben")
    again = hand_over_images("drawn", [name], "Cy")
    assert again.added == again.updated == (name,)
    assert [row["label"] for row in read_rows()] == ["1"] and read_rows()[0]["by"] == "Cy"


def test_what_is_known_of_it_goes_along(own_settings: Settings, drawn: Path) -> None:
    root = own_settings.data_dir / "marked"
    (root / "x").mkdir(parents=True)
    for number in range(2):
        (root / "x" / f"{number}.png").write_bytes(encode_phantom(number))
    (root / MANIFEST_NAME).write_text(
        "path,label,exam,region,view,hardware,box\nx/0.png,1,E7,hand,frontal lateral,1,10 20 30.5 40;1 2 3 4\n"
        "x/1.png,0,E8,,,,\n"
    )
    assert hand_over_images("marked", ["x/0.png", "x/1.png"], "Ada").refused == {}
    first, second = sorted(open_dataset(REVIEWED_DATASET).items, key=lambda item: -item.label)
    assert (first.region, first.views, first.hardware) == ("hand", ("frontal", "lateral"), True)
    assert first.boxes == (Box(10, 20, 30.5, 40), Box(1, 2, 3, 4)) and "E7" in first.group
    assert (second.region, second.views, second.hardware, second.boxes) == (None, (), None, ())
    propose_label("marked", ["x/0.png"], 0, "Ben")
    hand_over_images("marked", ["x/0.png"], "Ada")
    assert all(item.boxes == () for item in open_dataset(REVIEWED_DATASET).items)


def test_a_dicom_goes_in_as_its_pixels_and_without_its_patient(own_settings: Settings, drawn: Path) -> None:
    folder = own_settings.data_dir / "clinic" / "fractured"
    folder.mkdir(parents=True)
    (folder / "one.dcm").write_bytes(build_dicom(draw_bone(12, 64, 64)))
    (folder.parent / "normal").mkdir()
    (folder.parent / "normal" / "two.png").write_bytes(encode_phantom(1))
    assert hand_over_images("clinic", ["fractured/one.dcm"], "Ada").refused == {}
    [item] = open_dataset(REVIEWED_DATASET).items
    assert item.path.suffix == ".png"
    content = b"".join(path.read_bytes() for path in find_reviewed_root().rglob("*") if path.is_file())
    assert not any(secret.encode() in content for secret in PATIENT_SECRETS)
    there, here = read_radiograph_file(folder / "one.dcm"), read_radiograph_file(item.path)
    assert here.bit_depth == 16 and np.abs(there.pixels - here.pixels).max() < 1e-4


def test_the_test_side_is_refused_with_the_reason(drawn: Path) -> None:
    outcome = hand_over_images("drawn", [TEST[0], TRAIN[0], "fractured/99.png"], "Ada")
    assert outcome.added == (TRAIN[0],)
    assert "test side of 'default'" in outcome.refused[TEST[0]] and "no longer" in outcome.refused["fractured/99.png"]
    nothing = hand_over_images("drawn", [TEST[1]], "Ada")
    assert nothing.added == () and list_handed_over("drawn") == {TRAIN[0]}


def test_the_test_side_of_any_checkpoint_at_hand_is_refused(own_settings: Settings, drawn: Path) -> None:
    sides = {"train": TEST, "val": (), "test": TRAIN}
    make_model(own_settings.checkpoints_dir / "older", seed=2, skill=1.0, sides=sides, tested=False)
    assert "'older'" in hand_over_images("drawn", [TRAIN[0]], "Ada").refused[TRAIN[0]]


def test_copies_of_test_radiographs_are_refused_by_name_and_by_pixels(own_settings: Settings, drawn: Path) -> None:
    picture = Image.open(drawn / TEST[0])
    picture.transpose(Image.Transpose.ROTATE_90).save(drawn / "fractured" / "05-rotated1.png")
    other = own_settings.data_dir / "other"
    for folder, image in (("fractured", picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)), ("normal", picture)):
        (other / folder).mkdir(parents=True)
        image.save(other / folder / "renamed.png")
    (other / "normal" / "fresh.png").write_bytes(encode_phantom(55, fractured=False))
    by_name = hand_over_images("drawn", ["fractured/05-rotated1.png"], "Ada").refused
    assert "copy of a radiograph on the test side of 'default'" in by_name["fractured/05-rotated1.png"]
    by_pixels = hand_over_images("other", ["fractured/renamed.png", "normal/renamed.png", "normal/fresh.png"], "Ada")
    assert by_pixels.added == ("normal/fresh.png",)
    assert all("copy" in reason for reason in by_pixels.refused.values()) and len(by_pixels.refused) == 2


def test_views_of_a_test_exam_are_refused(own_settings: Settings) -> None:
    root = own_settings.data_dir / "exams"
    root.mkdir(parents=True)
    rows = ["path,label,exam"]
    for number in range(6):
        (root / f"{number}.png").write_bytes(encode_phantom(number, fractured=number % 2 == 1))
        rows.append(f"{number}.png,{number % 2},E{number // 2}")
    (root / MANIFEST_NAME).write_text("\n".join(rows))
    sides = {"train": ("2.png",), "val": (), "test": ("0.png",)}
    make_model(own_settings.checkpoints_dir / "default", seed=1, skill=1, data="exams", sides=sides, tested=False)
    outcome = hand_over_images("exams", ["1.png", "2.png"], "Ada")
    assert outcome.added == ("2.png",) and "exam on the test side of 'default'" in outcome.refused["1.png"]


def test_what_cannot_be_read_is_refused_and_the_rest_goes_in(drawn: Path) -> None:
    (drawn / TRAIN[0]).write_bytes((drawn / TRAIN[0]).read_bytes()[:300])
    outcome = hand_over_images("drawn", TRAIN[:2], "Ada")
    assert outcome.added == (TRAIN[1],) and "damaged" in outcome.refused[TRAIN[0]]


def test_bad_calls_are_clear_errors(drawn: Path) -> None:
    with pytest.raises(ReviewError, match="name is empty"):
        hand_over_images("drawn", [TRAIN[0]], " ")
    with pytest.raises(ReviewError, match="No radiograph"):
        hand_over_images("drawn", [], "Ada")
    with pytest.raises(ReviewError, match="not on this machine"):
        hand_over_images("nowhere", ["a.png"], "Ada")
    assert "already" in hand_over_images(REVIEWED_DATASET, ["images/a.png"], "Ada").refused["images/a.png"]


def test_hand_back_takes_out_row_and_file(drawn: Path) -> None:
    hand_over_images("drawn", TRAIN[:3], "Ada")
    assert hand_back("drawn", [TRAIN[0], TEST[0]]) == (TRAIN[0],)
    assert list_handed_over("drawn") == set(TRAIN[1:3])
    assert len(list((find_reviewed_root() / "images").iterdir())) == 2 == len(open_dataset(REVIEWED_DATASET).items)
    hand_back("drawn", TRAIN[1:3])
    assert not has_reviewed() and list((find_reviewed_root() / "images").iterdir()) == []
    assert hand_back("drawn", TRAIN) == ()


def test_rows_that_a_person_wrote_stay(drawn: Path) -> None:
    root = find_reviewed_root()
    root.mkdir(parents=True)
    (root / "own.png").write_bytes(encode_phantom(77))
    (root / MANIFEST_NAME).write_text("path,label,patient\nown.png,1,P1\n")
    hand_over_images("drawn", TRAIN[:1], "Ada")
    hand_back("drawn", TRAIN[:1])
    assert [(item.name, item.group) for item in open_dataset(REVIEWED_DATASET).items] == [("own.png", "patient/P1")]


def test_several_at_once_lose_nothing(drawn: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: hand_over_images("drawn", [name], "Ada"), TRAIN))
    assert list_handed_over("drawn") == set(TRAIN) and len(open_dataset(REVIEWED_DATASET).items) == 4


_KILLED = """
import os, sys
from fracture_core.failures.reviews import reviewed_set
from fracture_core.failures.reviews.hand_over import hand_over_images
write, count = reviewed_set.write_atomically, 0
def write_and_die(path, data):
    global count
    count += 1
    if count == int(sys.argv[1]):
        os.kill(os.getpid(), 9)
    write(path, data)
reviewed_set.write_atomically = write_and_die
hand_over_images("drawn", sys.argv[2:], "Ada")
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_at_any_step_it_is_whole(own_settings: Settings, drawn: Path, step: int) -> None:
    hand_over_images("drawn", TRAIN[:1], "Ada")
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(step), *TRAIN[1:3]], env=dict(os.environ), check=False)
    assert killed.returncode == -9
    assert [item.label for item in open_dataset(REVIEWED_DATASET).items] == [1]
    hand_over_images("drawn", TRAIN[1:3], "Ada")
    assert len(open_dataset(REVIEWED_DATASET).items) == 3 == len(list((find_reviewed_root() / "images").iterdir()))


def test_a_full_disk_leaves_the_manifest_as_it_was(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over_images("drawn", TRAIN[:1], "Ada")

    def fail(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("fracture_core.failures.reviews.reviewed_set.write_atomically", fail)
        with pytest.raises(DatasetError, match="full"):
            hand_over_images("drawn", TRAIN[1:], "Ada")
    assert list_handed_over("drawn") == {TRAIN[0]} and ReviewedSet(find_reviewed_root()).find(("drawn", TRAIN[0]))


def test_trained_with_the_original_no_radiograph_is_on_two_sides(drawn: Path, tmp_path: Path) -> None:
    propose_label("drawn", [TRAIN[1]], 0, "Ben")
    hand_over_images("drawn", TRAIN, "Ada")
    catalogs = [open_dataset("drawn"), open_dataset(REVIEWED_DATASET)]
    images = load_labelled_images(catalogs, Preprocessing(input_size_px=32), cache_dir=tmp_path)
    corrected = {exclusion.name: exclusion.reason for exclusion in images.excluded}
    assert corrected == {f"drawn/{TRAIN[1]}": "reviewed with the other label"}
    for seed in range(6):
        parts = divide_by_group(images, seed=seed, kept={"drawn": {"test": frozenset(TEST)}})
        groups = {side: {item.group for item in part.items} for side, part in parts.items()}
        assert not groups["train"] & groups["test"] and not groups["train"] & groups["val"]
        assert {
            name
            for name, owner in zip(parts["test"].items, parts["test"].datasets, strict=True)
            if owner == REVIEWED_DATASET
        } == set()
        assert sum(part.datasets.count(REVIEWED_DATASET) for part in parts.values()) == 4
        moved = {
            item.group for item, owner in zip(images.items, images.datasets, strict=True) if owner == REVIEWED_DATASET
        }
        assert all(item.group in moved for item in parts["train"].items if item.name.removeprefix("drawn/") in TRAIN)


def test_one_reviewed_radiograph_can_be_trained_on_beside_others(drawn: Path, tmp_path: Path) -> None:
    hand_over_images("drawn", TRAIN[:1], "Ada")
    alone = open_dataset(REVIEWED_DATASET)
    images = load_labelled_images([open_dataset("drawn"), alone], Preprocessing(input_size_px=32), cache_dir=tmp_path)
    parts = divide_by_group(images, seed=0, kept={"drawn": {"test": frozenset(TEST)}})
    sides = [side for side, part in parts.items() if REVIEWED_DATASET in part.datasets]
    assert len(sides) == 1 and sides != ["test"]
    assert len(EpochSampler(parts["train"], seed=0, balanced=True, copies_per_epoch=0, mirrored=False)) > 0
    with pytest.raises(DatasetError, match="cannot be divided"):
        divide_by_group(load_labelled_images([alone], Preprocessing(input_size_px=32), cache_dir=tmp_path))
