"""The viewer's pixels on their way to the browser, and the bundle that unpacks them."""

import json
import zlib
from hashlib import sha256

import numpy as np
import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.radiographs.radiograph import FullDepth, Radiograph
from ui.viewer.picture import pack_heatmap
from ui.viewer.pixels import KeptPixels, encode_pixels, pack_values, shrink_values

VIEWER = PROJECT_DIR / "ui" / "viewer"
HOW_TO_BUILD = "run `npm ci && npm run build` in ui/viewer/frontend, and commit dist/"


def unpack(packed: bytes, dtype: type, height: int, width: int) -> np.ndarray:
    """Undo `pack_values` as frontend/src/pixels.js does."""
    planes = np.frombuffer(zlib.decompress(packed, wbits=31), np.uint8).reshape(-1, height, width).astype(np.int64)
    folded = planes[0] + (planes[1] << 8 if len(planes) > 1 else 0)
    steps = (folded >> 1) ^ -(folded & 1)
    return np.cumsum(steps, axis=1).astype(np.uint64).astype(np.dtype(dtype).str.replace("i", "u")).view(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
def test_every_value_survives_packing(dtype: type) -> None:
    limits = np.iinfo(dtype)
    values = np.random.default_rng(0).integers(limits.min, limits.max, (37, 53), dtype, endpoint=True)
    values[0, :2] = limits.min, limits.max
    assert np.array_equal(unpack(pack_values(values), dtype, 37, 53), values)


def test_many_pixels_are_sent_smaller_and_said_with_the_spacing_corrected() -> None:
    values = np.arange(300 * 401, dtype=np.uint16).reshape(300, 401) % 4096
    sent = encode_pixels(FullDepth(values, high=4095.0), (0.15, 0.2), is_calibrated=False, max_pixels=40_000)
    assert (sent.shrink, sent.width_px, sent.height_px) == (2, 200, 150)
    assert sent.spacing_mm == (0.3, 0.4)
    assert "1/2 of its size" in sent.notes[0] and "401 × 300 pixels" in sent.notes[0]


def test_shrinking_means_over_blocks_and_keeps_the_sign() -> None:
    values = np.array([[-4, -8, 100], [-2, -6, 100]], np.int16)
    assert shrink_values(values, 2).tolist() == [[-5]]


def test_pixels_are_packed_once_and_then_let_go() -> None:
    kept = KeptPixels(Radiograph(np.zeros((8, 8), np.float32), "PNG"))
    assert kept.encode() is kept.encode()
    assert kept._depth is None


def test_pictures_of_another_shape_are_other_pictures() -> None:
    flat, tall = (FullDepth(np.zeros(shape, np.uint8)) for shape in ((4, 9), (9, 4)))
    assert len({encode_pixels(depth, None, is_calibrated=False).sha256 for depth in (flat, tall)}) == 2


def test_heatmap_is_sent_in_256_steps_or_not_at_all() -> None:
    heat = pack_heatmap(np.array([[0.0, 0.5, 1.0]], np.float32))
    assert heat is not None and unpack(heat.packed, np.uint8, 1, 3).tolist() == [[0, 128, 255]]
    assert pack_heatmap(np.zeros((0, 0), np.float32)) is None


def test_bundle_was_built_from_these_sources() -> None:
    built = json.loads((VIEWER / "dist" / "built-from.json").read_text(encoding="utf-8"))
    folder = VIEWER / "frontend"
    names = [
        "build.mjs",
        "package.json",
        "package-lock.json",
        *(f"src/{path.name}" for path in (folder / "src").iterdir()),
    ]
    assert built["sources"] == {name: sha256((folder / name).read_bytes()).hexdigest() for name in names}, HOW_TO_BUILD
    assert built["bundle_sha256"] == sha256((VIEWER / "dist" / "viewer.js").read_bytes()).hexdigest(), HOW_TO_BUILD


def test_packages_are_pinned_exactly_and_their_licences_stand_beside_the_bundle() -> None:
    package = json.loads((VIEWER / "frontend" / "package.json").read_text(encoding="utf-8"))
    pinned = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in pinned.values())
    licences = (VIEWER / "dist" / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(f"{name} {version} (" in licences for name, version in package["dependencies"].items())
    assert "GPL" not in licences
