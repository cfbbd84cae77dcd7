"""The two doors: bytes and files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import CorruptFileError, EmptyFileError, IntakeError, LimitExceededError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from tests.sample_files import build_dicom, build_every_type, draw_bone, encode_gray

EVERY_TYPE = build_every_type()


@pytest.mark.parametrize("name", EVERY_TYPE)
def test_every_type_gives_a_radiograph(name: str) -> None:
    found = read_radiograph(EVERY_TYPE[name])
    assert found.source_type == {"BigTIFF": "TIFF"}.get(name, name.split()[0])
    assert found.pixels.dtype == np.float32
    assert found.pixels.ndim == 2
    assert 0.0 <= found.pixels.min() < found.pixels.max() <= 1.0
    assert found.sha256 == hashlib.sha256(EVERY_TYPE[name]).hexdigest()


def test_no_bytes() -> None:
    with pytest.raises(EmptyFileError, match="empty"):
        read_radiograph(b"")


def test_the_name_does_not_decide_the_type(tmp_path: Path) -> None:
    path = tmp_path / "radiograph.png"
    path.write_bytes(build_dicom(draw_bone()))
    assert read_radiograph_file(path).source_type == "DICOM"


def test_a_file_and_its_bytes_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "radiograph"
    path.write_bytes(encode_gray(16, "PNG"))
    np.testing.assert_array_equal(read_radiograph_file(path).pixels, read_radiograph(encode_gray(16, "PNG")).pixels)


@pytest.mark.parametrize("name", ["missing.dcm", "no/such/folder.dcm", "nul\x00.dcm", "x" * 5000])
def test_a_path_that_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read_radiograph_file(tmp_path / name)
    assert caught.value.remedy


def test_a_folder_and_a_device(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="folder"):
        read_radiograph_file(tmp_path)
    if Path("/dev/zero").exists():
        with pytest.raises(IntakeError, match="not a regular file"):
            read_radiograph_file(Path("/dev/zero"))


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    with pytest.raises(EmptyFileError):
        read_radiograph_file(tmp_path / "empty.png")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "radiograph.png"
    path.write_bytes(encode_gray(8, "PNG"))

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # permissions do not bind the root user of a CI machine
    with pytest.raises(IntakeError, match="may not be read"):
        read_radiograph_file(path)


def test_the_size_is_checked_before_the_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.dcm"
    with path.open("wb") as file:
        file.truncate(10_000_001)

    def read(self: Path) -> bytes:
        raise AssertionError("was read")

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(LimitExceededError, match="MB"):
        read_radiograph_file(path, settings=Settings(max_file_bytes=10_000_000))


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyError, ZeroDivisionError])
def test_whatever_a_library_raises_becomes_an_intake_error(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error("DOE^JANE")

    monkeypatch.setattr("fracture_core.radiographs.intake.dicom.read_header", fail)
    with pytest.raises(CorruptFileError) as caught:
        read_radiograph(build_dicom(draw_bone()))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "DOE" not in str(caught.value)
