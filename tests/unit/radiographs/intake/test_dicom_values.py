"""Values of a DICOM header that anyone may have written: what is unusable is left out or refused."""

import pytest
from pydicom.dataset import Dataset

from fracture_core.base.errors import CorruptFileError, LimitExceededError
from fracture_core.radiographs.intake.dicom_values import (
    read_dicom_code,
    read_dicom_value,
    read_integer,
    read_number,
    read_numbers,
    read_text,
)
from tests.sample_files import build_dataset, draw_bone, write_dicom
from tests.unit.radiographs.intake.refusals import refuse

BONE = draw_bone()


def test_a_table_sequence_of_a_hundred_thousand_items_is_refused_before_it_is_unfolded() -> None:
    item = b"\xfe\xff\x00\xe0\x00\x00\x00\x00"
    dataset = build_dataset(BONE)
    data = write_dicom(dataset)
    at = data.index(b"\xe0\x7f\x10\x00OW")
    bomb = item * 100_000
    element = b"\x28\x00\x00\x30SQ\x00\x00" + len(bomb).to_bytes(4, "little") + bomb
    assert "ModalityLUTSequence" in refuse(data[:at] + element + data[at:], LimitExceededError).problem


def test_numbers_are_finite_or_none_at_all() -> None:
    dataset = Dataset()
    dataset.PixelSpacing = [0.1, 0.2]
    assert read_numbers(dataset, "PixelSpacing") == [0.1, 0.2]
    dataset.add_new("WindowCenter", "FD", [1.0, float("nan")])
    assert read_numbers(dataset, "WindowCenter") == [] and read_number(dataset, "WindowWidth") is None


def test_an_integer_is_stated_usable_or_named() -> None:
    dataset = Dataset()
    dataset.Rows = 7
    assert read_integer(dataset, "Rows") == 7 and read_integer(dataset, "Columns", 3) == 3
    dataset.add_new("HighBit", "FD", 1.5)
    for keyword, words in (("Columns", "does not state 'Columns'"), ("HighBit", "unusable value for 'HighBit'")):
        with pytest.raises(CorruptFileError, match=words):
            read_integer(dataset, keyword)


def test_codes_are_of_the_standards_letters_and_texts_are_short_and_printable() -> None:
    dataset = Dataset()
    dataset.add_new("Modality", "LO", " cr ")
    dataset.add_new("ViewPosition", "LO", "Doe, Jane")
    dataset.add_new("ManufacturerModelName", "LO", "x" * 100)
    assert (read_dicom_code(dataset, "Modality"), read_dicom_code(dataset, "ViewPosition")) == ("CR", "")
    assert read_text(dataset, "ManufacturerModelName") == "x" * 64
    dataset.add_new("ManufacturerModelName", "LO", "a\x07")
    assert read_text(dataset, "ManufacturerModelName") == ""


def test_a_value_too_long_to_unfold_is_as_missing() -> None:
    dataset = Dataset()
    dataset.add_new("RedPaletteColorLookupTableData", "OW", b"\0" * 300_000)
    assert read_dicom_value(dataset, "RedPaletteColorLookupTableData") is None
