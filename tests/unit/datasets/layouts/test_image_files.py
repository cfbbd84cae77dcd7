"""Radiographs are known by name: by extension, or by none as DICOM files have it; families by how copies are named."""

from pathlib import Path

import pytest

from fracture_core.datasets.layouts.image_files import find_folders, find_image_files, is_image_name, read_family


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "b.dcm", "IM000001", "1.2.840.113619", "c.tif"])
def test_a_radiograph(name: str) -> None:
    assert is_image_name(name)


@pytest.mark.parametrize("name", [".hidden.png", "README", "DICOMDIR", "notes.txt", "a.png.md5", "a.bmp"])
def test_no_radiograph(name: str) -> None:
    assert not is_image_name(name)


def test_files_are_found_at_any_depth_in_order_and_not_in_hidden_folders(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/1.png", "a/deep/3.png", ".git/4.png", "__MACOSX/5.png", "a/notes.txt", "6.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [path.relative_to(tmp_path).as_posix() for path in find_image_files(tmp_path)]
    assert found == ["6.png", "a/deep/3.png", "b/1.png", "b/2.png"]
    assert [path.name for path in find_folders(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("12.jpg", "12"),
        ("12-rotated3.jpg", "12"),
        ("12-rotated3-rotated1-ROTATED2.jpg", "12"),
        ("12-rotated.jpg", "12-rotated"),
        ("1.2.840.5", "1.2.840.5"),
    ],
)
def test_copies_by_name_share_a_family(name: str, family: str) -> None:
    assert read_family(name) == family
