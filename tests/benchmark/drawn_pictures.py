"""Drawn pictures that are no radiographs: pages, charts, shapes, noise. The same seed draws the same picture."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Rng = np.random.Generator
_WORDS = [
    "the",
    "patient",
    "was",
    "seen",
    "for",
    "pain",
    "after",
    "a",
    "fall",
    "no",
    "other",
    "complaint",
    "report",
    "of",
    "two",
    "views",
    "dated",
    "signed",
    "copy",
    "page",
]


def draw(name: str, seed: int) -> Image.Image:
    """Return a drawing; ``name`` is one of those in ``DRAWINGS``."""
    rng = np.random.default_rng([seed, *name.encode()])
    width, height = (int(side) for side in rng.integers(300, 900, 2))
    return _DRAW[name](rng, width, height)


def _blank(width: int, height: int, color: int | tuple[int, ...]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L" if isinstance(color, int) else "RGB", (width, height), color)
    return image, ImageDraw.Draw(image)


def _page(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, 255)
    size = int(rng.integers(11, 22))
    for top in range(size * 2, height - size * 2, int(size * 1.5)):
        if rng.random() < 0.85:
            line = " ".join(rng.choice(_WORDS, 40))
            pen.text(
                (size * 2, top),
                line[: int((width - 4 * size) / (size * 0.52) * rng.uniform(0.6, 1))],
                fill=20,
                font_size=size,
            )
    return image


def _scanned_form(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, 235)
    for top in range(30, height - 60, 45):
        pen.rectangle((25, top, width - 25, top + 45), outline=90)
        pen.text((35, top + 12), " ".join(rng.choice(_WORDS, 2)), fill=60, font_size=16)
        start = rng.uniform(width * 0.4, width * 0.5)
        points = [(start + 9 * step, top + 22 + rng.normal(0, 8)) for step in range(int(rng.integers(4, 18)))]
        pen.line(points, fill=40, width=2)
    image = image.rotate(float(rng.normal(0, 2)), fillcolor=200)
    noisy = np.asarray(image, np.float32) + rng.normal(0, 7, (height, width)) - np.linspace(0, 40, width)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _dark_page(rng: Rng, width: int, height: int) -> Image.Image:
    return Image.fromarray(255 - np.asarray(_page(rng, width, height)))


def _bars(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, (255, 255, 255))
    count = int(rng.integers(4, 12))
    for index, value in enumerate(rng.uniform(0.1, 0.9, count)):
        left = 40 + index * (width - 60) / count
        pen.rectangle(
            (left, height * (1 - value), left + (width - 80) / count * 0.8, height - 30),
            fill=tuple(int(each) for each in rng.integers(0, 220, 3)),
        )
    pen.line((40, 10, 40, height - 30, width - 10, height - 30), fill=(0, 0, 0), width=2)
    return image


def _curves(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, 255)
    for _ in range(int(rng.integers(1, 5))):
        walk = np.cumsum(rng.normal(0, height / 60, width - 60)) + height / 2
        pen.line([(40 + x, float(y)) for x, y in enumerate(walk)], fill=int(rng.integers(0, 160)), width=2)
    pen.line((40, 10, 40, height - 30, width - 10, height - 30), fill=0, width=2)
    return image


def _trace(rng: Rng, width: int, height: int) -> Image.Image:
    """Draw what an ECG on a monitor looks like: thin bright lines on black."""
    image, pen = _blank(width, height, 0)
    for middle in range(60, height, 110):
        x = np.arange(width)
        beat = 40 * np.exp(-((((x % rng.integers(70, 130)) - 30) / 4.0) ** 2)) - 6 * np.sin(x / 9)
        pen.line([(int(at), float(middle - value)) for at, value in zip(x, beat, strict=True)], fill=230, width=2)
    return image


def _shapes(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, int(rng.choice([0, 40, 255])))
    for _ in range(int(rng.integers(1, 9))):
        x0, x1 = np.sort(rng.uniform(0, width, 2))
        y0, y1 = np.sort(rng.uniform(0, height, 2))
        (pen.ellipse if rng.random() < 0.5 else pen.rectangle)((x0, y0, x1 + 4, y1 + 4), fill=int(rng.integers(0, 256)))
    return image


def _polygons(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, int(rng.choice([0, 30])))
    for _ in range(int(rng.integers(1, 5))):
        middle = rng.uniform(0.2, 0.8, 2) * (width, height)
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 11))))
        radii = rng.uniform(0.1, 0.45, len(angles)) * min(width, height)
        points = [(middle[0] + r * np.cos(a), middle[1] + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
        pen.polygon(points, fill=int(rng.integers(90, 256)))
    return image.filter(ImageFilter.GaussianBlur(float(rng.choice([0, 3, 8]))))


def _scribbles(rng: Rng, width: int, height: int) -> Image.Image:
    image, pen = _blank(width, height, int(rng.choice([0, 255])))
    ink = 255 - image.getpixel((0, 0))
    for _ in range(int(rng.integers(2, 7))):
        path = np.cumsum(rng.normal(0, 12, (90, 2)), axis=0) + rng.uniform(0.2, 0.8, 2) * (width, height)
        pen.line([tuple(point) for point in path], fill=ink, width=int(rng.integers(2, 12)), joint="curve")
    return image


def _rings(rng: Rng, width: int, height: int) -> Image.Image:
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x - width * rng.uniform(0.2, 0.8), y - height * rng.uniform(0.2, 0.8))
    return Image.fromarray((127 + 127 * np.sin(distance / rng.uniform(4, 40))).astype(np.uint8))


def _checks(rng: Rng, width: int, height: int) -> Image.Image:
    side = int(rng.integers(12, 90))
    y, x = np.mgrid[:height, :width]
    return Image.fromarray((((x // side + y // side) % 2) * 255).astype(np.uint8))


def _white_noise(rng: Rng, width: int, height: int) -> Image.Image:
    return Image.fromarray(np.clip(rng.normal(120, rng.uniform(10, 70), (height, width)), 0, 255).astype(np.uint8))


def _clouds(rng: Rng, width: int, height: int) -> Image.Image:
    """Draw noise whose power falls as that of natural pictures does (1/f)."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    spectrum = np.fft.rfft2(rng.normal(size=(height, width))) / np.maximum(frequency, 1 / width) ** rng.uniform(
        0.8, 1.6
    )
    field = np.fft.irfft2(spectrum, (height, width))
    return Image.fromarray((255 * (field - field.min()) / np.ptp(field)).astype(np.uint8))


def _gradient(rng: Rng, width: int, height: int) -> Image.Image:
    y, x = np.mgrid[:height, :width]
    field = x / width * rng.uniform(-1, 1) + y / height * rng.uniform(-1, 1)
    return Image.fromarray((255 * (field - field.min()) / max(np.ptp(field), 1e-6)).astype(np.uint8))


def _spot(rng: Rng, width: int, height: int) -> Image.Image:
    y, x = np.mgrid[:height, :width]
    spread = rng.uniform(0.1, 0.4) * min(width, height)
    field = np.exp(
        -(((x - width * rng.uniform(0.3, 0.7)) ** 2 + (y - height * rng.uniform(0.3, 0.7)) ** 2) / (2 * spread**2))
    )
    return Image.fromarray((255 * field).astype(np.uint8))


_DRAW: dict[str, Callable[[Rng, int, int], Image.Image]] = {
    "page": _page,
    "scanned form": _scanned_form,
    "dark page": _dark_page,
    "bars": _bars,
    "curves": _curves,
    "trace": _trace,
    "shapes": _shapes,
    "polygons": _polygons,
    "scribbles": _scribbles,
    "rings": _rings,
    "checks": _checks,
    "white noise": _white_noise,
    "clouds": _clouds,
    "gradient": _gradient,
    "spot": _spot,
}
# Which are drawn for choosing limits and which only for measuring; no sort is on both sides.
DRAWINGS = {
    "fit": {
        "documents": ["page"],
        "charts": ["bars"],
        "drawn shapes": ["shapes", "rings"],
        "noise and gradients": ["clouds", "gradient"],
    },
    "measure": {
        "documents": ["scanned form", "dark page"],
        "charts": ["curves", "trace"],
        "drawn shapes": ["polygons", "scribbles", "checks"],
        "noise and gradients": ["white noise", "spot"],
    },
}
