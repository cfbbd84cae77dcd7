"""Lookup tables as devices write them: signed by rule, used as far as they go, and never noise."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_dataset, build_dicom, write_dicom

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)
CURVE = np.arange(4096) ** 2 // 4095


def build_item(descriptor: list[int], data: bytes, vr: str = "US") -> Sequence:
    item = Dataset()
    item.add_new("LUTDescriptor", vr, descriptor)
    item.add_new("LUTData", "OW", data)
    return Sequence([item])


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian])
def test_a_signed_start_is_signed_in_every_syntax(syntax: uid.UID) -> None:
    table = build_item([4096, -1024, 12], CURVE.astype("<u2").tobytes(), "SS")
    dataset = build_dataset(RAMP, RescaleSlope=1, RescaleIntercept=-1024, VOILUTSequence=table)
    dataset.file_meta.TransferSyntaxUID = syntax
    found = read_radiograph(write_dicom(dataset))
    np.testing.assert_allclose(found.pixels, CURVE.reshape(64, 64) / 4095, atol=1e-6)
    assert found.warnings == ()


def test_a_large_unsigned_start_stays_one() -> None:
    pixels = np.full((4, 4), 40001, np.uint16)
    table = build_item([3, 40000, 8], bytes([0, 255, 0, 0]))
    found = read_radiograph(build_dicom(pixels, BitsStored=16, HighBit=15, VOILUTSequence=table))
    assert found.pixels[0, 0] == pytest.approx(1.0)


def test_a_table_one_entry_short_is_used_as_far_as_it_goes() -> None:
    table = build_item([4096, 0, 12], CURVE[:-1].astype("<u2").tobytes())
    found = read_radiograph(build_dicom(RAMP, VOILUTSequence=table))
    np.testing.assert_allclose(found.pixels, CURVE.reshape(64, 64) / 4095, atol=3 / 4095)
    assert any("lacks its last 1 of 4,096 entries" in note for note in found.warnings)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (build_item([4096, 0, 12], CURVE[:100].astype("<u2").tobytes()), "has 100 of 4,096 entries and was not used"),
        (build_item([], b""), "is empty and was not used"),
        (build_item([4096, 0, 12], b""), "is damaged and was not used"),
        (build_item([4096, 0], CURVE.astype("<u2").tobytes()), "is damaged and was not used"),
    ],
    ids=["mostly missing", "empty", "without data", "half a descriptor"],
)
@pytest.mark.filterwarnings("ignore")
def test_a_table_that_states_nothing_leaves_the_window(table: Sequence, words: str) -> None:
    found = read_radiograph(build_dicom(RAMP, VOILUTSequence=table, WindowCenter=2048, WindowWidth=4096))
    np.testing.assert_allclose(found.pixels, RAMP / 4095, atol=1e-6)
    assert any(words in note for note in found.warnings)


def test_twelve_bits_stated_as_sixteen_are_shown_in_full() -> None:
    found = read_radiograph(build_dicom(RAMP, VOILUTSequence=build_item([4096, 0, 16], RAMP.astype("<u2").tobytes())))
    np.testing.assert_allclose(found.pixels, RAMP / 4095, atol=1e-6)
    assert any("states 16 bits and uses 12" in note for note in found.warnings)


def test_a_table_that_ends_below_white_stays_below() -> None:
    dim = (RAMP // 2).astype("<u2")  # 11 of 12 bits: meant so
    found = read_radiograph(build_dicom(RAMP, VOILUTSequence=build_item([4096, 0, 12], dim.tobytes())))
    assert found.pixels.max() == pytest.approx(2047 / 4095)


@pytest.mark.parametrize("in_words", [True, False])
def test_eight_bit_tables_in_words_and_in_bytes(in_words: bool) -> None:
    entries = np.arange(255, -1, -1).astype("<u2" if in_words else "u1")
    pixels = np.arange(256, dtype=np.uint16).reshape(16, 16)
    found = read_radiograph(build_dicom(pixels, VOILUTSequence=build_item([256, 0, 8], entries.tobytes())))
    np.testing.assert_allclose(found.pixels, 1 - pixels / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("sop_class", "is_applied"),
    [
        (uid.XRayAngiographicImageStorage, False),
        (uid.XRayRadiofluoroscopicImageStorage, False),
        (uid.ComputedRadiographyImageStorage, True),
        (uid.DigitalXRayImageStorageForPresentation, True),
    ],
)
def test_the_modality_table_of_xa_and_xrf_is_not_for_display(sop_class: uid.UID, is_applied: bool) -> None:
    table = build_item([4096, 0, 16], (4095 - RAMP).astype("<u2").tobytes())
    window = {"WindowCenter": 2048, "WindowWidth": 4096}
    data = build_dicom(RAMP, SOPClassUID=sop_class, ModalityLUTSequence=table, **window)
    expected = (4095 - RAMP if is_applied else RAMP) / 4095
    np.testing.assert_allclose(read_radiograph(BytesIO(data).getvalue()).pixels, expected, atol=1e-6)
