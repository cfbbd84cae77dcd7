"""The grayscale pipeline, held against pydicom's own transforms and the standard's formulas."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_windowing

from fracture_core.base.errors import CorruptFileError
from fracture_core.radiographs.intake.grayscale import DisplayTransform, LookupTable, Window, show_grayscale

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(2048, 4096), (1000.5, 200.25), (300, 2), (3000, 1)])
def test_windows_agree_with_pydicom(function: str, center: float, width: float) -> None:
    dataset = Dataset()
    dataset.PhotometricInterpretation, dataset.BitsStored, dataset.PixelRepresentation = "MONOCHROME2", 12, 0
    dataset.WindowCenter, dataset.WindowWidth, dataset.VOILUTFunction = center, width, function
    with np.errstate(over="ignore"):
        expected = apply_windowing(RAMP, dataset) / 4095
    shown = show_grayscale(RAMP, DisplayTransform(window=Window(center, width, function)))
    np.testing.assert_allclose(shown, expected, atol=1e-6)


def test_order_is_rescale_then_window_then_sense() -> None:
    transform = DisplayTransform(slope=2.0, intercept=-100.0, window=Window(100.0, 201.0), is_monochrome1=True)
    stored = np.array([[50, 100, 150]], np.uint16)  # modality values 0, 100, 200; the window is -0.5 to 199.5
    np.testing.assert_allclose(show_grayscale(stored, transform), [[0.9975, 0.4975, 0.0]], atol=1e-6)


def test_tables_are_applied_in_order_and_clip_beyond_their_ends() -> None:
    modality = LookupTable(first=10, entries=np.array([100.0, 200.0, 300.0]), bits=16)
    voi = LookupTable(first=100, entries=np.linspace(0, 255, 201), bits=8)
    stored = np.array([[0, 10, 11, 12, 500]], np.int32)
    shown = show_grayscale(stored, DisplayTransform(modality_table=modality, voi_table=voi))
    np.testing.assert_allclose(shown, [[0, 0, 0.5, 1, 1]], atol=1e-6)


def test_without_window_the_values_that_occur_set_the_range() -> None:
    stored = np.array([[-500, -300, -100]], np.int16)
    np.testing.assert_allclose(show_grayscale(stored, DisplayTransform()), [[0, 0.5, 1]])
    np.testing.assert_allclose(show_grayscale(stored, DisplayTransform(slope=-1.0)), [[1, 0.5, 0]])


@pytest.mark.parametrize("is_monochrome1", [False, True])
def test_padding_is_left_out_of_the_range_and_shown_black(is_monochrome1: bool) -> None:
    stored = np.array([[0, 0, 1000, 1500, 2000]], np.uint16)
    shown = show_grayscale(stored, DisplayTransform(padding=(0, 0), is_monochrome1=is_monochrome1))
    expected = [[0, 0, 1, 0.5, 0]] if is_monochrome1 else [[0, 0, 0, 0.5, 1]]
    np.testing.assert_allclose(shown, expected)


def test_a_range_of_padding() -> None:
    stored = np.array([[-2000, -1990, 0, 100]], np.int16)
    shown = show_grayscale(stored, DisplayTransform(padding=(-2000, -1990)))
    np.testing.assert_allclose(shown, [[0, 0, 0, 1]])


@pytest.mark.parametrize("transform", [DisplayTransform(), DisplayTransform(padding=(7, 7))])
def test_a_constant_picture_divides_by_nothing(transform: DisplayTransform) -> None:
    assert show_grayscale(np.full((3, 3), 7, np.uint16), transform).tolist() == np.zeros((3, 3)).tolist()


def test_wide_and_float_values_go_the_same_way_as_tables() -> None:
    """Above 17 bits pixels are transformed directly; the result must not differ."""
    window = DisplayTransform(slope=0.5, window=Window(700.0, 900.0), is_monochrome1=True)
    narrow = show_grayscale(RAMP, window)
    wide = np.append(RAMP.astype(np.int64), 2**30)[None, :]
    np.testing.assert_array_equal(show_grayscale(wide, window)[0, :-1], narrow.ravel())
    np.testing.assert_array_equal(show_grayscale(RAMP.astype(np.float32), window), narrow)


def test_rows_beyond_one_block_are_transformed_too() -> None:
    stored = np.arange(1300, dtype=np.uint16)[:, None].repeat(2, axis=1)
    np.testing.assert_allclose(show_grayscale(stored, DisplayTransform())[:, 0], np.arange(1300) / 1299, atol=1e-6)


def test_values_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(CorruptFileError, match="not numbers"):
        show_grayscale(np.array([[0.0, np.nan]]), DisplayTransform())
