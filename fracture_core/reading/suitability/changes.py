"""What another hospital's export does to a good radiograph, and what ruins one: for measuring the check."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from fracture_core.radiographs import Radiograph

PictureChange = Callable[[Image.Image], Image.Image]


def change(radiograph: Radiograph, name: str) -> Radiograph:
    """Return the radiograph as it looks after one of ``HARMLESS`` or ``HARMFUL``, in 8 bits."""
    picture = (HARMLESS | HARMFUL)[name](Image.fromarray(radiograph.to_uint8()))
    return replace(radiograph, pixels=np.asarray(picture, np.float32) / 255.0, full_depth=None)


def _crop(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 12, height // 12, width - width // 12, height - height // 12))


def _halve(picture: Image.Image) -> Image.Image:
    return picture.resize((max(picture.width // 2, 1), max(picture.height // 2, 1)), Image.Resampling.BOX)


def _enlarge(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 3 // 2, picture.height * 3 // 2), Image.Resampling.BICUBIC)


def _compress(picture: Image.Image) -> Image.Image:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=35)
    return Image.open(stream).convert("L")


def _bend(power: float) -> PictureChange:
    table = [round(255 * (level / 255) ** power) for level in range(256)]
    return lambda picture: picture.point(table)


def _flatten(picture: Image.Image) -> Image.Image:
    return picture.point([int(30 + level * 0.7) for level in range(256)])


def _add_borders(across: float, down: float, level: int) -> PictureChange:
    """Return a change that puts a border around the picture: what lay outside of the collimator, shown as ``level``."""

    def add(picture: Image.Image) -> Image.Image:
        left, top = round(picture.width * across), round(picture.height * down)
        canvas = Image.new("L", (picture.width + 2 * left, picture.height + 2 * top), level)
        canvas.paste(picture, (left, top))
        return canvas

    return add


def _add_letter(picture: Image.Image) -> Image.Image:
    marked = picture.copy()
    size = max(picture.width // 9, 8)
    ImageDraw.Draw(marked).text((picture.width * 0.06, picture.height * 0.05), "L", fill=255, font_size=size)
    return marked


def _scale_levels(factor: float) -> PictureChange:
    return lambda picture: picture.point([min(255, int(level * factor)) for level in range(256)])


def _keep_corner(picture: Image.Image) -> Image.Image:
    """Leave a ninth of the picture, a third of each side; the rest is black."""
    width, height = picture.size
    canvas = Image.new("L", picture.size, 0)
    canvas.paste(picture.crop((width // 3, height // 3, width * 2 // 3, height * 2 // 3)), (width // 12, height // 12))
    return canvas


def _make_tiny(picture: Image.Image) -> Image.Image:
    tiny = picture.copy()
    tiny.thumbnail((80, 80))
    return tiny


HARMLESS: dict[str, PictureChange] = {
    "as it is": lambda picture: picture,
    "cropped by a twelfth on each side": _crop,
    "half the size": _halve,
    "half as large again": _enlarge,
    "JPEG of quality 35": _compress,
    "darker (gamma 1.3)": _bend(1.3),
    "brighter (gamma 0.75)": _bend(0.75),
    "flat contrast (0.7)": _flatten,
    "turned by 90 degrees": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "black borders": _add_borders(0.125, 0.125, 0),
    "white borders at the sides": _add_borders(0.2, 0.0, 250),
    "white borders all around": _add_borders(0.08, 0.08, 255),
    "a letter L burned in": _add_letter,
}
HARMFUL: dict[str, PictureChange] = {
    "inverted": lambda picture: picture.point([255 - level for level in range(256)]),
    "too dark (an eighth of the brightness)": _scale_levels(1 / 8),
    "too bright (three times the brightness)": _scale_levels(3),
    "a ninth of the field": _keep_corner,
    "80 px at its longer side": _make_tiny,
}
