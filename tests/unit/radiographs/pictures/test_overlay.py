"""Heat over a radiograph lies where the map has it, in the colours of its scale."""

import numpy as np

from fracture_core.radiographs.pictures.overlay import blend_heatmap, colour_heat, shrink_gray


def test_cold_heatmap_leaves_the_radiograph_alone() -> None:
    gray = np.random.default_rng(0).integers(0, 256, (40, 30), np.uint8)
    blended = blend_heatmap(gray, np.zeros((14, 14), np.float32), 1.0)
    assert (blended == gray[..., None]).all()


def test_heat_lies_where_the_map_has_it() -> None:
    heatmap = np.zeros((10, 10), np.float32)
    heatmap[2:4, 6:8] = 1.0
    blended = blend_heatmap(np.zeros((100, 100), np.uint8), heatmap, 1.0)
    assert blended[30, 70].max() > 200
    assert blended[80, 20].max() == 0


def test_picture_is_never_enlarged() -> None:
    assert shrink_gray(np.zeros((30, 20), np.uint8), 100).shape == (30, 20)
    assert shrink_gray(np.zeros((300, 150), np.uint8), 100).shape == (100, 50)
    assert shrink_gray(np.zeros((3000, 1), np.uint8), 100).shape == (100, 1)


def test_the_scale_goes_from_dark_to_bright_for_any_shape() -> None:
    colours = colour_heat(np.linspace(0.0, 1.0, 12).reshape(3, 4))
    assert colours.shape == (3, 4, 3)
    brightness = colours.reshape(-1, 3).sum(axis=1)
    assert (np.diff(brightness) > 0).all() and colours.min() >= 0 and colours.max() <= 255
