"""Room is asked for before anything is written; a folder is whole or not there; the disk's own words are told."""

import errno
import shutil
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.archives.disk import (
    SPARE_BYTES,
    check_free_space,
    format_bytes,
    is_hidden_name,
    new_folder,
    telling_disk_errors,
)


def test_room_is_measured_where_the_folder_will_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def measure(path: Path) -> object:
        asked.append(path)
        return shutil._ntuple_diskusage(10**12, 0, SPARE_BYTES + 1000)

    monkeypatch.setattr(shutil, "disk_usage", measure)
    check_free_space(tmp_path / "not" / "there" / "yet", 1000, "Keeping it")
    assert asked == [tmp_path]
    with pytest.raises(DatasetError, match=r"Keeping it needs 268\.4 MB in .* but the disk has 268\.4 MB free"):
        check_free_space(tmp_path, 1001, "Keeping it")


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    directory = tmp_path / "set"
    directory.mkdir()
    (directory / "old").write_text("")
    with new_folder(directory) as partial:
        (partial / "new").write_text("")
        assert (directory / "old").exists(), "the old one stays until the new one is whole"
    assert [path.name for path in directory.iterdir()] == ["new"]
    assert list(tmp_path.iterdir()) == [directory]


def test_a_folder_that_fails_leaves_the_old_one_and_nothing_half(tmp_path: Path) -> None:
    directory = tmp_path / "set"
    directory.mkdir()
    (directory / "old").write_text("")
    with pytest.raises(ZeroDivisionError), new_folder(directory) as partial:
        (partial / "new").write_text("")
        _ = 1 / 0
    assert [path.name for path in directory.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [directory]


def test_what_a_killed_process_left_is_not_taken_over(tmp_path: Path) -> None:
    left = tmp_path / ".set.partial"
    left.mkdir()
    (left / "half").write_text("")
    with new_folder(tmp_path / "set") as partial:
        assert list(partial.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told(number: int, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"The disk of .* is full\. Free some space"), telling_disk_errors(tmp_path):
        raise OSError(number, "no room")


def test_another_refusal_names_the_file(tmp_path: Path) -> None:
    told = r"a\.png cannot be written \(Permission denied\)"
    with pytest.raises(DatasetError, match=told), telling_disk_errors(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied", "a.png")


@pytest.mark.parametrize(
    ("size_bytes", "told"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1.44e9, "1.4 GB"), (2.5e12, "2.5 TB"), (1e15, "1000.0 TB")],
)
def test_sizes_are_told_in_powers_of_1000(size_bytes: float, told: str) -> None:
    assert format_bytes(size_bytes) == told


def test_a_systems_own_names() -> None:
    assert [is_hidden_name(name) for name in (".git", "__MACOSX", "train", "_own")] == [True, True, False, False]
