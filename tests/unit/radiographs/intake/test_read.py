"""The two doors: bytes and files; with real radiographs of the shared data, where they are there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fracture_core.base.errors import CorruptFileError, EmptyFileError, IntakeError, LimitExceededError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file
from tests.sample_files import build_dicom, build_every_type, draw_bone, encode_gray, find_shared_data

EVERY_TYPE = build_every_type()
# JPEG 2000 at a ratio of 30 to 1; measured: at most 0.0088, on average 0.0007 of the full range.
LOSSY_TOLERANCE, LOSSY_MEAN_TOLERANCE = 0.010, 0.001


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


@pytest.mark.parametrize("syntax", ["RLE", "JLSL", "JPLL", "J2KI"])
def test_one_ankle_in_five_syntaxes_is_one_picture(syntax: str) -> None:
    reference = read_radiograph_file(find_shared_data("dicom", "RG3_J2KR.dcm"))
    found = read_radiograph_file(find_shared_data("dicom", f"RG3_{syntax}.dcm"))
    assert reference.pixels.shape == (1760, 1760)
    assert reference.photometric == "MONOCHROME1"
    if syntax == "J2KI":
        difference = np.abs(found.pixels - reference.pixels)
        assert 0 < difference.max() <= LOSSY_TOLERANCE
        assert difference.mean() <= LOSSY_MEAN_TOLERANCE
    else:
        np.testing.assert_array_equal(found.pixels, reference.pixels)


def test_bone_is_brighter_than_air_in_both_senses() -> None:
    ankle = read_radiograph_file(find_shared_data("dicom", "RG3_JLSL.dcm")).pixels  # MONOCHROME1
    assert ankle[800, 850] > ankle[800, 500] + 0.3  # shaft of the tibia, air beside the leg
    hip = read_radiograph_file(find_shared_data("dicom", "RG2_J2KR.dcm"))  # MONOCHROME2
    assert hip.pixels[900, 950] > hip.pixels[1900, 500] + 0.3  # head of the femur, air below
    assert hip.pixel_spacing_mm == (0.2, 0.2)


def jpegs_without_end(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*.jpg")):
        with path.open("rb") as file:
            file.seek(-2, 2)
            if file.read() != b"\xff\xd9":
                yield path


@pytest.mark.slow
def test_jpegs_cut_short_are_refused_as_such() -> None:
    paths = list(jpegs_without_end(find_shared_data("FracAtlas", "images", "Non_fractured")))
    assert paths, "the shared data is known to hold some"
    for path in paths:
        with pytest.raises(CorruptFileError, match="cut short"):
            read_radiograph_file(path)


def test_whole_jpegs_are_read() -> None:
    folder = find_shared_data("FracAtlas", "images", "Fractured")
    for path in sorted(folder.glob("*.jpg"))[::12]:
        found = read_radiograph_file(path)
        assert found.source_type == "JPEG"
        assert found.warnings == ()
