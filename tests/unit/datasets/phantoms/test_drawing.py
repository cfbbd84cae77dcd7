"""Drawn phantoms: the same from the same seed, broken only inside their boxes."""

import numpy as np
import pytest
from PIL import Image

from fracture_core.datasets.phantoms.drawing import REGIONS, Phantom, draw_phantom

# Mean brightness (of 255) of each cell of a 4 x 5 grid, seed 11, fractured, 256 px. Where the drawing
# was changed on purpose, raise DRAWING_VERSION and put in what this test prints.
GOLDEN = {
    "forearm": [[53, 113, 78, 16], [12, 151, 98, 10], [11, 124, 109, 23], [12, 115, 103, 59], [11, 101, 103, 74]],
    "hand": [[19, 31, 40, 19], [16, 68, 73, 13], [20, 110, 77, 42], [19, 131, 92, 33], [32, 156, 41, 12]],
}


def draw_pair(seed: int, region: str) -> tuple[Phantom, Phantom]:
    """Return the same arm whole and broken."""
    whole, broken = (draw_phantom(seed, region=region, fractured=fractured, size_px=224) for fractured in (False, True))
    return whole, broken


def mask_boxes(phantom: Phantom) -> np.ndarray:
    mask = np.zeros(phantom.pixels.shape, dtype=bool)
    for x, y, width, height in phantom.boxes:
        mask[y : y + height, x : x + width] = True
    return mask


@pytest.mark.parametrize("region", REGIONS)
def test_a_seed_always_gives_the_same_bytes(region: str) -> None:
    first, again = (draw_phantom(3, region=region, fractured=True, size_px=160) for _ in range(2))
    assert first.pixels.tobytes() == again.pixels.tobytes()
    assert first.boxes == again.boxes


@pytest.mark.parametrize("region", REGIONS)
def test_drawing_is_as_it_was(region: str) -> None:
    pixels = draw_phantom(11, region=region, fractured=True, size_px=256).pixels
    cells = np.asarray(Image.fromarray(pixels).resize((4, 5), Image.Resampling.BOX)) * 255.0
    print(cells.round().astype(int).tolist())
    np.testing.assert_allclose(cells, GOLDEN[region], atol=1.0)


@pytest.mark.parametrize("region", REGIONS)
def test_pixels_are_a_picture_from_black_to_white(region: str) -> None:
    for seed in range(5):
        pixels = draw_phantom(seed, region=region, fractured=False, size_px=192).pixels
        assert pixels.dtype == np.float32 and pixels.ndim == 2 and max(pixels.shape) == 192
        assert pixels.min() >= 0.0 and pixels.max() <= 1.0
        assert np.quantile(pixels, 0.02) < 0.1 and np.quantile(pixels, 0.98) > 0.4


@pytest.mark.parametrize("region", REGIONS)
def test_boxes_lie_in_the_image_and_only_where_a_bone_is_broken(region: str) -> None:
    for seed in range(12):
        whole, broken = draw_pair(seed, region)
        assert whole.boxes == () and len(broken.boxes) >= 1
        height_px, width_px = broken.pixels.shape
        for x, y, width, height in broken.boxes:
            assert x >= 0 and y >= 0 and x + width <= width_px and y + height <= height_px
            assert min(width, height) >= 6


@pytest.mark.parametrize("region", REGIONS)
def test_a_break_changes_its_boxes_and_nothing_else(region: str) -> None:
    """So neither exposure, pose, grain nor marker can tell the label."""
    for seed in range(8):
        whole, broken = draw_pair(seed, region)
        change = np.abs(whole.pixels - broken.pixels)
        assert change[~mask_boxes(broken)].max() < 0.03
        for x, y, width, height in broken.boxes:
            assert change[y : y + height, x : x + width].max() > 0.15


@pytest.mark.parametrize("region", REGIONS)
def test_every_phantom_bears_the_marker(region: str) -> None:
    for seed in range(4):
        pixels = draw_phantom(seed, region=region, fractured=False, size_px=512).pixels
        assert np.count_nonzero(np.isclose(pixels, 240 / 255, atol=1e-6)) >= 20  # the plain face of the letter


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'elbow'.*forearm"):
        draw_phantom(0, region="elbow", fractured=False)
