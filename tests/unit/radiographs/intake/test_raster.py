"""JPEG, PNG and TIFF of every layout."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import CorruptFileError, FrameNotFoundError, LimitExceededError, UnsupportedTypeError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    build_png,
    draw_bone,
    draw_color,
    encode,
    encode_big_endian_tiff,
    encode_gray,
    set_tiff_tag,
)

BONE = draw_bone(8)
ALPHA = np.ascontiguousarray(BONE[::-1])
TIFF_PHOTOMETRIC, TIFF_WIDTH, TIFF_HEIGHT, TIFF_BITS = 262, 256, 257, 258


def luma(image: Image.Image) -> np.ndarray:
    """ITU-R BT.601, computed here from the channels."""
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=np.float64), -1, 0)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def with_alpha(image: Image.Image) -> Image.Image:
    image = image.copy()
    image.putalpha(Image.fromarray(ALPHA))
    return image


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("image", "expected", "bit_depth", "photometric"),
    [
        (Image.fromarray(BONE).convert("1"), None, 1, "MONOCHROME2"),
        (Image.fromarray(BONE), BONE / 255, 8, "MONOCHROME2"),
        (with_alpha(Image.fromarray(BONE)), BONE / 255 * ALPHA / 255, 8, "MONOCHROME2"),
        (draw_color(), luma(draw_color()), 8, "RGB"),
        (with_alpha(draw_color()), luma(draw_color()) * ALPHA / 255, 8, "RGB"),
        (draw_color().quantize(64), luma(draw_color().quantize(64)), 8, "RGB"),
        (Image.fromarray(draw_bone(16)), draw_bone(16) / 65535, 16, "MONOCHROME2"),
        (Image.fromarray(draw_bone(12)), draw_bone(12) / 4095, 12, "MONOCHROME2"),
    ],
    ids=["1", "L", "LA", "RGB", "RGBA", "P", "16 bit", "12 in 16 bit"],
)
def test_modes(
    file_format: str, image: Image.Image, expected: np.ndarray | None, bit_depth: int, photometric: str
) -> None:
    found = read_radiograph(encode(image, file_format))
    expected = np.asarray(image, dtype=float) if expected is None else expected
    np.testing.assert_allclose(found.pixels, expected, atol=0.5 / 255 + 1e-6 if photometric == "RGB" else 1e-6)
    assert found.pixels.dtype == np.float32
    assert (found.source_type, found.bit_depth, found.photometric) == (file_format, bit_depth, photometric)
    assert found.warnings == ()


@pytest.mark.parametrize(("high", "bits"), [(200, 8), (1000, 10), (1024, 12), (5000, 14), (20000, 16)])
def test_16_bit_files_are_scaled_by_the_smallest_depth_that_holds_the_maximum(high: int, bits: int) -> None:
    pixels = np.array([[0, high]], np.uint16)
    found = read_radiograph(encode(Image.fromarray(pixels), "PNG"))
    np.testing.assert_allclose(found.pixels, [[0, high / (2**bits - 1)]], rtol=1e-6)
    assert found.bit_depth == bits


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("is_big_endian", [False, True])
@pytest.mark.parametrize("is_white_zero", [False, True])
def test_16_bit_tiff_in_both_orders_and_senses(
    compression: str | None, is_big_endian: bool, is_white_zero: bool
) -> None:
    pixels, options = draw_bone(16), {"compression": compression} if compression else {}
    data = encode_big_endian_tiff(pixels, **options) if is_big_endian else encode_gray(16, "TIFF", **options)
    expected = pixels / 65535
    if is_white_zero:
        data, expected = set_tiff_tag(data, TIFF_PHOTOMETRIC, 0), 1 - expected
    found = read_radiograph(data)
    np.testing.assert_allclose(found.pixels, expected, atol=1e-6)
    assert found.photometric == ("MONOCHROME1" if is_white_zero else "MONOCHROME2")


@pytest.mark.parametrize("mode", ["1", "L", "F"])
def test_white_is_zero_of_other_depths(mode: str) -> None:
    image = Image.fromarray(BONE / np.float32(255)) if mode == "F" else Image.fromarray(BONE).convert(mode)
    plain = encode(image, "TIFF")
    inverted = read_radiograph(set_tiff_tag(plain, TIFF_PHOTOMETRIC, 0))
    np.testing.assert_allclose(inverted.pixels, 1 - read_radiograph(plain).pixels, atol=1e-6)


def test_big_tiff_and_palette_with_alpha() -> None:
    np.testing.assert_allclose(read_radiograph(encode_gray(16, "TIFF", big_tiff=True)).pixels, draw_bone(16) / 65535)
    palette = draw_color().quantize(32)
    found = read_radiograph(encode(palette.convert("PA"), "TIFF"))
    np.testing.assert_allclose(found.pixels, luma(palette), atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("is_progressive", [False, True])
def test_jpeg(mode: str, is_progressive: bool) -> None:
    image = draw_color().convert(mode)
    found = read_radiograph(encode(image, "JPEG", quality=100, subsampling=0, progressive=is_progressive))
    np.testing.assert_allclose(found.pixels, luma(image), atol=2.5 / 255)
    assert (found.source_type, found.bit_depth) == ("JPEG", 8)


def test_transparent_color_is_shown_black() -> None:
    found = read_radiograph(encode(Image.fromarray(BONE), "PNG", transparency=int(BONE.max())))
    np.testing.assert_allclose(found.pixels, np.where(BONE.max() == BONE, 0, BONE / 255), atol=1e-6)


def test_16_bit_color_says_that_it_lost_depth() -> None:
    row = b"\x00" + struct.pack(">6H", 65535, 65535, 65535, 0, 0, 0)
    found = read_radiograph(build_png(2, 1, 16, 2, row))
    np.testing.assert_allclose(found.pixels, [[1, 0]])
    assert found.bit_depth == 16
    assert any("16 bits per sample" in warning for warning in found.warnings)


def test_float_tiff_in_0_to_1_is_kept_and_others_are_stretched() -> None:
    unit = np.array([[0.25, 0.75]], np.float32)
    assert read_radiograph(encode(Image.fromarray(unit), "TIFF")).pixels.tolist() == [[0.25, 0.75]]
    found = read_radiograph(encode(Image.fromarray(unit * 4000 - 500), "TIFF"))
    assert found.pixels.tolist() == [[0.0, 1.0]]
    assert any("stretched" in warning for warning in found.warnings)


def test_32_bit_integers_with_negative_values_are_stretched() -> None:
    found = read_radiograph(encode(Image.fromarray(np.array([[-100, 0, 100]], np.int32)), "TIFF"))
    assert found.pixels.tolist() == [[0.0, 0.5, 1.0]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_float_tiff_with_values_that_are_no_numbers_is_refused(value: float) -> None:
    pixels = np.array([[0.0, value]], np.float32)
    with pytest.raises(CorruptFileError, match="not numbers"):
        read_radiograph(encode(Image.fromarray(pixels), "TIFF"))


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("level", [0, 77])
def test_a_uniform_picture_is_valid_with_a_warning(bits: int, level: int) -> None:
    pixels = np.full((5, 7), level, np.uint8 if bits == 8 else np.uint16)
    found = read_radiograph(encode(Image.fromarray(pixels), "PNG"))
    np.testing.assert_allclose(found.pixels, level / 255, rtol=1e-6)
    assert any("uniform" in warning for warning in found.warnings)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("file_format", "bits", "options"),
    [
        ("JPEG", 8, {"quality": 100}),
        ("PNG", 8, {}),
        ("PNG", 16, {}),
        ("TIFF", 8, {}),
        ("TIFF", 16, {"compression": "tiff_lzw"}),
    ],
)
def test_exif_orientation(orientation: int, file_format: str, bits: int, options: dict) -> None:
    upright = draw_bone(bits) / (2**bits - 1)
    # Exif 2.32 sec. 4.6.4: the stored picture's row 0 and column 0 are the sides named there.
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: upright.T[::-1],
        7: upright.T[::-1, ::-1],
        8: upright.T[:, ::-1],
    }[orientation]
    pixels = np.ascontiguousarray(np.rint(stored * (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read_radiograph(encode(Image.fromarray(pixels), file_format, exif=exif, **options))
    np.testing.assert_allclose(found.pixels, upright, atol=2.5 / 255 if file_format == "JPEG" else 1e-6)


def test_damaged_exif_is_noted_and_the_picture_is_read() -> None:
    found = read_radiograph(encode(Image.fromarray(BONE), "PNG", exif=b"Exif\x00\x00II\x2a\x00\xff\xff"))
    np.testing.assert_allclose(found.pixels, BONE / 255, atol=1e-6)
    assert any("Exif" in warning for warning in found.warnings)


def test_tiff_pages_are_chosen_by_number() -> None:
    pages = [Image.fromarray(np.full((4, 5 + number), 50 * number, np.uint8)) for number in range(4)]
    data = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    for number in range(4):
        found = read_radiograph(data, frame=number)
        assert found.pixels.shape == (4, 5 + number)
        assert found.pixels[0, 0] == pytest.approx(50 * number / 255)
        assert (found.frame_index, found.frame_count) == (number, 4)
    for number in (4, -1):
        with pytest.raises(FrameNotFoundError, match="holds 4"):
            read_radiograph(data, frame=number)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_other_files_have_one_frame(file_format: str) -> None:
    with pytest.raises(FrameNotFoundError, match="holds 1"):
        read_radiograph(encode_gray(8, file_format), frame=1)


@pytest.mark.parametrize(
    ("file_format", "bits", "options"),
    [
        ("JPEG", 8, {}),
        ("JPEG", 8, {"progressive": True}),
        ("PNG", 16, {}),
        ("TIFF", 16, {}),
        ("TIFF", 16, {"compression": "tiff_lzw"}),
        ("TIFF", 8, {"compression": "jpeg"}),
        ("TIFF", 8, {"tile": (16, 16)}),
    ],
)
@pytest.mark.parametrize("part", [0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_file_cut_short_is_refused(file_format: str, bits: int, options: dict, part: float) -> None:
    noise = np.random.default_rng(0).integers(0, 2**bits, (120, 100)).astype(np.uint8 if bits == 8 else np.uint16)
    data = encode(Image.fromarray(noise), file_format, **options)
    with pytest.raises(CorruptFileError, match="cut short"):
        read_radiograph(data[: int(len(data) * part)])


@pytest.mark.parametrize("is_progressive", [False, True])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_jpeg_cut_short_and_given_an_end_marker_is_refused(is_progressive: bool, part: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 100)).astype(np.uint8)
    data = encode(Image.fromarray(noise), "JPEG", progressive=is_progressive)
    with pytest.raises(CorruptFileError, match="cut short"):
        read_radiograph(data[: int(len(data) * part)] + b"\xff\xd9")
    with pytest.raises(CorruptFileError, match="cut short"):
        read_radiograph(data[: int(len(data) * part)] + b"\xff\xd9" + b"appended by a mail program")


def test_a_whole_jpeg_followed_by_something_is_read() -> None:
    data = encode_gray(8, "JPEG", progressive=True)
    np.testing.assert_array_equal(read_radiograph(data + b"appended" * 9).pixels, read_radiograph(data).pixels)


def test_a_jpeg_that_really_ends_in_middle_gray_is_read() -> None:
    pixels = BONE.copy()
    pixels[-16:] = 128
    found = read_radiograph(encode(Image.fromarray(pixels), "JPEG", quality=95))
    assert found.pixels[-1, -1] == pytest.approx(128 / 255, abs=2 / 255)


def test_a_tiff_whose_strips_do_not_cover_the_page_is_refused() -> None:
    data = set_tiff_tag(encode_gray(8, "TIFF"), TIFF_HEIGHT, 4000)
    with pytest.raises(CorruptFileError, match="cut short"):
        read_radiograph(data)


def test_a_changed_byte_in_a_png_is_noticed_by_its_checksum() -> None:
    data = bytearray(encode_gray(16, "PNG"))
    data[len(data) // 2] ^= 0x10
    with pytest.raises(CorruptFileError):
        read_radiograph(bytes(data))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "data",
    [
        build_png(60000, 60000, 8, 0, b""),
        build_png(10000, 10000, 8, 0, b""),
        set_tiff_tag(set_tiff_tag(encode_gray(8, "TIFF"), TIFF_WIDTH, 60000), TIFF_HEIGHT, 60000),
        encode_gray(8, "JPEG").replace(struct.pack(">HH", *BONE.shape), struct.pack(">HH", 60000, 60000)),
    ],
    ids=["PNG", "PNG below Pillow's limit", "TIFF", "JPEG"],
)
def test_a_header_that_claims_too_many_pixels_is_refused(data: bytes) -> None:
    with pytest.raises(LimitExceededError, match="claims"):
        read_radiograph(data)


def test_too_many_pages_are_refused() -> None:
    pages = [Image.new("L", (4, 4), 9)] * 6
    data = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    with pytest.raises(LimitExceededError, match="pages"):
        read_radiograph(data, settings=Settings(max_frames=5))


def test_a_tiff_of_a_layout_that_is_not_read_is_called_that() -> None:
    with pytest.raises(UnsupportedTypeError, match="layout"):
        read_radiograph(set_tiff_tag(encode_gray(8, "TIFF"), TIFF_BITS, 24))


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xF7], ids=["lossless", "hierarchical", "JPEG-LS"])
def test_kinds_of_bare_jpeg_that_are_not_read_are_named(marker: int) -> None:
    data = encode_gray(8, "JPEG").replace(b"\xff\xc0", bytes([0xFF, marker]))
    with pytest.raises(UnsupportedTypeError, match=r"lossless|hierarchical|JPEG-LS"):
        read_radiograph(data)


def test_pillow_still_opens_what_it_did_before() -> None:
    """The layout added to Pillow's table changes no other."""
    assert Image.open(BytesIO(encode_big_endian_tiff(draw_bone(16)))).mode == "I;16B"
