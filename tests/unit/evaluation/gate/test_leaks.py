"""A candidate that has seen test radiographs: by name, as a copy elsewhere, or through what it came from."""

import shutil
from pathlib import Path

from PIL import Image

from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.evaluation.gate.build import build_gate_report
from fracture_core.networks.checkpoints import Checkpoint
from tests.gate_world import make_model
from tests.tiny_world import encode_phantom

Sides = dict[str, tuple[str, ...]]


def test_clean_candidate_is_checked_against_all_it_learned_from(machine: Settings, champion: Checkpoint) -> None:
    check = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6), champion).leak_check
    assert (check.n_checked, check.n_learned, check.leaks, check.unchecked) == (24, 12, (), ())


def test_test_radiographs_among_the_training_files_leak(
    machine: Settings, champion: Checkpoint, drawn_sides: Sides
) -> None:
    learned = drawn_sides["test"][:3]
    sides = {"train": drawn_sides["train"] + learned[:2], "val": learned[2:], "test": drawn_sides["test"][3:]}
    report = build_gate_report(make_model(machine.checkpoints_dir / "new", seed=2, skill=6, sides=sides), champion)
    assert report.verdict.level == "leaks"
    assert [leak.name for leak in report.leak_check.leaks] == sorted(learned)
    assert "3 of the 24 test radiographs" in report.verdict.sentences[1] and learned[0] in report.verdict.sentences[1]


def write_copies(machine: Settings, copied: str) -> None:
    """Write another data set, with a turned and brightened copy of one file among its own radiographs."""
    folder = machine.data_dir / "ward"
    for number in range(12):
        place = folder / ("fractured" if number % 2 else "not fractured")
        place.mkdir(parents=True, exist_ok=True)
        picture = encode_phantom(900 + number, fractured=bool(number % 2), size_px=96)
        (place / f"w{number:02d}.png").write_bytes(picture)
    picture = (
        Image.open(machine.data_dir / "drawn" / copied)
        .rotate(90, expand=True)
        .point(lambda value: min(255, value * 1.1))
    )
    picture.save(folder / Path(copied).parent / "renamed.png")


def test_copy_in_another_folder_under_another_name_leaks(
    machine: Settings, champion: Checkpoint, drawn_sides: Sides
) -> None:
    copied = drawn_sides["test"][5]
    write_copies(machine, copied)
    names = tuple(item.name for item in open_dataset("ward").items)
    held_out = names[1:3] + names[-2:]
    sides = {"train": tuple(name for name in names if name not in held_out), "val": (), "test": held_out}
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, data="ward", sides=sides)
    leaks = build_gate_report(new, champion).leak_check.leaks
    found = [(leak.dataset, leak.name, leak.learned_dataset, leak.learned_name) for leak in leaks]
    assert found == [("drawn", copied, "ward", f"{Path(copied).parent}/renamed.png")]


def test_training_data_that_has_gone_leaves_it_unproven(machine: Settings, champion: Checkpoint) -> None:
    shutil.copytree(machine.data_dir / "drawn", machine.data_dir / "ward")
    for path in (machine.data_dir / "ward").rglob("*.png"):
        path.write_bytes(encode_phantom(int(path.stem) + 700, fractured=path.parent.name == "fractured", size_px=96))
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, data="ward")
    assert build_gate_report(new, champion).leak_check.unchecked == ()
    shutil.rmtree(machine.data_dir / "ward")
    report = build_gate_report(new, champion)
    assert report.leak_check.unchecked == ("The data set 'ward', which it learned from, is not on this machine.",)
    assert any("'ward', which it learned from" in sentence for sentence in report.verdict.sentences)


def test_candidate_without_a_record_of_its_files_is_unproven(machine: Settings, champion: Checkpoint) -> None:
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6)
    new.split_path.unlink()
    report = build_gate_report(new, champion)
    assert report.verdict.level == "unproven" and "no record of the files" in report.verdict.sentences[1]


def test_test_radiographs_that_have_gone_leave_it_unproven(machine: Settings, champion: Checkpoint) -> None:
    new = make_model(machine.checkpoints_dir / "new", seed=2, skill=6, tested=False)
    shutil.rmtree(machine.data_dir / "drawn")
    report = build_gate_report(new, champion)
    assert report.verdict.level == "unproven" and report.frozen == ()
    assert "24 test radiographs of 'drawn' are not on this machine" in report.left_out["drawn"]
