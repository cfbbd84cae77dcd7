"""A JPEG, PNG or TIFF is drawn anew: its pixels stay, all else goes."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from fracture_core.radiographs.deidentification.files import deidentify_file
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import draw_bone, draw_color, encode

SECRET = "ZZQUUXDOE"


def build_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = SECRET  # ImageDescription, Artist
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return exif


def build_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Patient", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return encode(Image.fromarray(draw_bone(12)), "PNG", pnginfo=texts, exif=build_exif())


FILES = {
    "JPEG": encode(Image.fromarray(draw_bone(8)), "JPEG", exif=build_exif(), comment=SECRET.encode(), quality=92),
    "PNG": build_png(),
    "TIFF": encode(Image.fromarray(draw_bone(12)), "TIFF", description=SECRET, artist=SECRET),
    "TIFF 8 bit": encode(Image.fromarray(draw_bone(8)), "TIFF", tiffinfo={270: SECRET, 315: SECRET, 65000: SECRET}),
    "TIFF pages": encode(
        Image.fromarray(draw_bone(8)),
        "TIFF",
        save_all=True,
        append_images=[Image.fromarray(draw_bone(8)[::-1])],
        artist=SECRET,
    ),
    "PNG trailing": build_png() + SECRET.encode(),
    "colour": encode(draw_color(), "PNG", exif=build_exif()),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_pixels_stay_and_all_else_goes(data: bytes) -> None:
    assert SECRET.encode() in data
    stripped = deidentify_file(data)
    assert SECRET.encode() not in stripped.data and stripped.data[:4] == data[:4]
    before, after = read_radiograph(data), read_radiograph(stripped.data)
    assert (before.source_type, before.frame_count) == (after.source_type, after.frame_count)
    tolerance = 0.03 if before.source_type == "JPEG" else 1 / 255 if before.photometric == "RGB" else 1e-6
    np.testing.assert_allclose(before.pixels, after.pixels, atol=tolerance)
    with Image.open(BytesIO(stripped.data)) as image:
        assert not image.getexif().get_ifd(0x8825) and "comment" not in image.info and "exif" not in image.info


def test_a_turned_photograph_is_upright_afterwards() -> None:
    exif = build_exif()
    exif[0x0112] = 6
    data = encode(Image.fromarray(draw_bone(8)), "JPEG", exif=exif, quality=95)
    before, after = read_radiograph(data), read_radiograph(deidentify_file(data).data)
    assert before.pixels.shape == after.pixels.shape == (48, 40)
    np.testing.assert_allclose(before.pixels, after.pixels, atol=0.03)
