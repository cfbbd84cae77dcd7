"""Pictures whose copies are looked for."""

from pathlib import Path

import numpy as np
from PIL import Image

from fracture_core.datasets.copies.alignment import SIDE_PX
from fracture_core.datasets.copies.pairs import shrink_to_thumbnail
from fracture_core.datasets.layouts.items import DatasetItem
from tests.planted import draw


def draw_limb(seed: int, height_px: int = 240, width_px: int = 200) -> np.ndarray:
    """Return (H, W) in [0, 1]: a bright shaft with blobs for joints, all of them in much the same place."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : 1 : height_px * 1j, 0 : 1 : width_px * 1j]
    picture = 0.1 + 0.2 * y + 0.5 * np.exp(-(((x - 0.5 - 0.1 * np.sin(3 * y)) / 0.12) ** 2))
    for _ in range(25):
        centre_y, centre_x = rng.uniform(0.05, 0.95), rng.uniform(0.3, 0.7)
        spread = rng.uniform(0.02, 0.06)
        picture += rng.uniform(-0.2, 0.2) * np.exp(-((y - centre_y) ** 2 + (x - centre_x) ** 2) / spread**2)
    return np.clip(picture, 0, 1)


def make_items(count: int, labels: list[int] | None = None) -> tuple[DatasetItem, ...]:
    return tuple(
        DatasetItem(Path(f"{n:05}.png"), f"{n:05}.png", labels[n] if labels else n % 2, group=f"g{n:05}")
        for n in range(count)
    )


def read_thumbnails(*pictures: np.ndarray) -> np.ndarray:
    return np.stack([shrink_to_thumbnail(picture) for picture in pictures])


def read_file_thumbnail(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return shrink_to_thumbnail(np.asarray(image.convert("L"), dtype=np.float32) / 255)


def turn(picture: np.ndarray, angle_deg: float) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).rotate(angle_deg, Image.Resampling.BILINEAR))


def square(seed: int) -> np.ndarray:
    """Return ``(128, 128)`` uint8, a phantom stretched to a square."""
    return np.asarray(Image.fromarray(draw(seed, fractured=False)).resize((SIDE_PX, SIDE_PX), Image.Resampling.BOX))
