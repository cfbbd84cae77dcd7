"""A data set of drawn phantoms with one fault of every kind planted, for the tests of the audit."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from fracture_core.datasets.phantoms.drawing import draw_phantom

SIZE_PX = 160


def draw(seed: int, *, fractured: bool) -> np.ndarray:
    """Return ``(H, W)`` uint8, a phantom of its own for each seed."""
    phantom = draw_phantom(seed, region="forearm", fractured=fractured, size_px=SIZE_PX)
    return np.rint(phantom.pixels * 255).astype(np.uint8)


def encode(pixels: np.ndarray, kind: str = "PNG", **options: int) -> bytes:
    """Return the bytes of a file."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def write_clean(root: Path, count: int = 24) -> Path:
    """Write a data set without a fault, its classes in halves, divided into train and val."""
    for number in range(count):
        label = "fractured" if number % 2 else "not fractured"
        side = "val" if number % 6 < 2 else "train"
        _write(root / side / label / f"{chr(97 + number)}.png", encode(draw(900 + number, fractured=bool(number % 2))))
    return root


def write_planted(root: Path) -> Path:
    """Write the clean data set, then plant: copies of every kind, leaks, two labels, damaged and unread files."""
    write_clean(root)
    train, val = root / "train", root / "val"
    first = draw(900 + 3, fractured=True)  # train/fractured/d.png
    _write(train / "fractured" / "zz.png", (train / "fractured" / "d.png").read_bytes())  # same bytes
    _write(train / "fractured" / "zy.png", encode(first, compress_level=0))  # same pixels
    _write(val / "fractured" / "leak.png", encode(np.ascontiguousarray(np.rot90(first))))  # on the other side, turned
    disputed = draw(900 + 4, fractured=False)  # train/not fractured/e.png
    _write(train / "fractured" / "disputed.png", encode(disputed[:, ::-1].copy()))  # two labels, mirrored
    family = draw(900 + 5, fractured=True)  # train/fractured/f.png
    for number in (1, 2):
        turned = np.asarray(Image.fromarray(family).rotate(11 * number))
        _write(train / "fractured" / f"f-rotated{number}.png", encode(turned))
    whole = encode(draw(999, fractured=False), "JPEG", quality=95)
    _write(train / "not fractured" / "cut.jpg", whole[: len(whole) // 2])
    _write(train / "not fractured" / "text.png", b"this is text")
    _write(train / "not fractured" / "other.bmp", encode(first, "BMP"))
    _write(root / "stray.png", encode(draw(998, fractured=False)))
    return root


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
