"""The letterbox keeps the aspect and the whole picture; the tensor is normalised by the set."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fracture_core.base.errors import ShapeError
from fracture_core.networks.preprocessing import (
    Preprocessing,
    fit_letterbox_frame,
    letterbox,
    normalize_squares,
    prepare,
)
from fracture_core.radiographs.radiograph import Radiograph


def make_radiograph(pixels: np.ndarray) -> Radiograph:
    return Radiograph(pixels.astype(np.float32), "PNG")


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(32, 512))
@settings(derandomize=True, deadline=None)
def test_frame_is_the_largest_of_the_same_aspect(width_px: int, height_px: int, size_px: int) -> None:
    frame = fit_letterbox_frame(width_px, height_px, size_px)
    assert max(frame.width, frame.height) == size_px
    assert min(frame.width, frame.height) >= 1
    assert frame.left >= 0 and frame.left + frame.width <= size_px
    assert frame.top >= 0 and frame.top + frame.height <= size_px
    wanted = size_px * min(width_px, height_px) / max(width_px, height_px)
    assert abs(min(frame.width, frame.height) - max(1, wanted)) <= 0.5


def test_letterbox_centres_on_black_and_keeps_the_mean() -> None:
    random = np.random.default_rng(0)
    pixels = random.uniform(0.2, 0.8, (300, 600))
    square = letterbox(make_radiograph(pixels), Preprocessing(input_size_px=64))
    assert square.shape == (64, 64) and square.dtype == np.uint8
    assert not square[:16].any() and not square[48:].any()
    assert abs(square[16:48].mean() / 255 - pixels.mean()) < 0.005


def test_thin_line_does_not_vanish_when_shrunk() -> None:
    pixels = np.zeros((800, 800))
    pixels[:, 401] = 1.0  # one column of 800 in a square of 80
    square = letterbox(make_radiograph(pixels), Preprocessing(input_size_px=80))
    assert square.max() >= 20


def test_small_radiograph_is_enlarged() -> None:
    square = letterbox(make_radiograph(np.full((10, 20), 0.5)), Preprocessing(input_size_px=64))
    assert square[32].min() == 128


def test_stretch_makes_exposure_irrelevant() -> None:
    random = np.random.default_rng(1)
    pixels = random.uniform(0, 1, (128, 128))
    preprocessing = Preprocessing(input_size_px=64, stretch_percentiles=(0.5, 99.5))
    bright = letterbox(make_radiograph(pixels * 0.3 + 0.6), preprocessing)
    dark = letterbox(make_radiograph(pixels * 0.3), preprocessing)
    assert np.abs(bright.astype(int) - dark).max() <= 1


def test_flat_picture_is_left_alone_by_stretch() -> None:
    preprocessing = Preprocessing(input_size_px=32, stretch_percentiles=(1, 99))
    assert (letterbox(make_radiograph(np.full((40, 40), 0.4)), preprocessing) == 102).all()


def test_normalize_gives_mean_0_and_repeats_channels() -> None:
    squares = torch.tensor([[[0, 255], [255, 0]]], dtype=torch.uint8)
    inputs = normalize_squares(squares, Preprocessing(channels=3, mean=0.5, std=0.5))
    assert inputs.shape == (1, 3, 2, 2) and inputs.dtype == torch.float32
    assert torch.equal(inputs[0, 0], torch.tensor([[-1.0, 1.0], [1.0, -1.0]]))
    assert torch.equal(inputs[0, 0], inputs[0, 2])


def test_normalize_refuses_another_rank() -> None:
    with pytest.raises(ShapeError, match=r"\(N, S, S\)"):
        normalize_squares(torch.zeros(2, 1, 4, 4), Preprocessing())


def test_prepare_is_letterbox_then_normalize() -> None:
    radiographs = [make_radiograph(np.full((50, 40), value)) for value in (0.2, 0.7)]
    preprocessing = Preprocessing(input_size_px=32, mean=0.3, std=0.2)
    squares = torch.from_numpy(np.stack([letterbox(radiograph, preprocessing) for radiograph in radiographs]))
    assert torch.equal(prepare(radiographs, preprocessing), normalize_squares(squares, preprocessing))


@pytest.mark.parametrize("percentiles", [(50, 50), (-1, 99), (1, 101), (90, 10)])
def test_percentiles_out_of_order_are_refused(percentiles: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match="stretch_percentiles"):
        Preprocessing(stretch_percentiles=percentiles)
