"""JPEG, PNG and TIFF to a Radiograph, through Pillow."""

import logging
import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageFile, TiffImagePlugin, UnidentifiedImageError

from fracture_core.base import CorruptFileError, LimitExceededError, Settings, UnsupportedTypeError
from fracture_core.radiographs.intake.codestream import (
    check_jpeg_structure,
    may_be_filled,
    read_codestream,
    with_altered_tail,
)
from fracture_core.radiographs.intake.colour import measure_colour_share
from fracture_core.radiographs.intake.limits import check_frame, check_picture_size
from fracture_core.radiographs.intake.sniff import ReadableType
from fracture_core.radiographs.intake.tiff import count_pages
from fracture_core.radiographs.radiograph import Radiograph

# Pillow logs the values of TIFF tags, free text among them, at DEBUG.
logging.getLogger("PIL").setLevel(logging.INFO)
# It warns of large pictures and of damaged camera data; the first are held to the settings' limit here.
warnings.filterwarnings("ignore", module=r"PIL\.")

# 16-bit WhiteIsZero in big-endian order is missing from Pillow's table of layouts; it is inverted here like the
# little-endian one, which Pillow reads but does not invert (TIFF 6.0, PhotometricInterpretation 0).
TiffImagePlugin.OPEN_INFO.setdefault((b"MM", 0, (1,), 1, (16,), ()), ("I;16B", "I;16B"))

_TIFF_PHOTOMETRIC = 262
_NOT_INVERTED_BY_PILLOW = ("I;16", "I;16B", "I", "F")
_UNREAD_JPEG = ("lossless", "hierarchical", "arithmetic lossless", "JPEG-LS")
_RASTER_BITS = (8, 10, 12, 14, 16)
_EXIF_ORIENTATION = 0x0112
_MAX_EXIF_BYTES = 65_536
# Exif 2.32 sec. 4.6.4: how a picture of that orientation is turned upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_EXPORT_AGAIN = "Export the radiograph again from the PACS as DICOM, PNG or TIFF."


def read_raster(data: bytes, source_type: ReadableType, *, frame: int, settings: Settings) -> Radiograph:
    """Read a JPEG, PNG or TIFF.

    Args:
        data: the file's bytes.
        source_type: "JPEG", "PNG" or "TIFF".
        frame: zero-based page of a TIFF; 0 for the others.
        settings: limits, checked before pixels are decoded.

    Returns:
        A Radiograph whose pixels are ITU-R BT.601 luma in [0, 1]. Samples of more than 8 bits are scaled by
        the smallest of 8, 10, 12, 14 and 16 bits that holds the largest.

    Raises:
        IntakeError: cut short, damaged, too large, or a kind of JPEG that is not read.
    """
    opened, page_count = _open(data, source_type, frame, settings)
    inverted = source_type == "TIFF" and _is_white_zero(opened)
    notes: list[str] = []
    is_reduced = opened.mode in ("RGB", "RGBA") and ";16" in str(opened.tile[:1])
    if is_reduced:
        notes.append("The file's colours of 16 bits per sample were read with 8.")
    _load(opened, data, source_type)
    # Pillow turns TIFF pages by itself while loading.
    image = opened if source_type == "TIFF" else _turn_upright(opened, notes)
    in_color = image.mode in ("RGB", "RGBA", "CMYK", "P", "PA", "YCbCr", "LAB")
    pixels, bit_depth = _to_gray(image, notes)
    if inverted and image.mode in _NOT_INVERTED_BY_PILLOW:
        pixels = 1.0 - pixels
    return Radiograph(
        pixels=pixels,
        source_type=source_type,
        bit_depth=16 if is_reduced else bit_depth,
        frame_index=frame,
        frame_count=page_count,
        photometric="RGB" if in_color else "MONOCHROME1" if inverted else "MONOCHROME2",
        colour_share=measure_colour_share(image) if in_color else 0.0,
        warnings=tuple(notes),
    )


def read_small_jpeg(data: bytes, longest_px: int, *, settings: Settings) -> Image.Image:
    """Read a JPEG for a small picture of it: decoded at a half, a quarter or an eighth where that is enough.

    All checks are those of `read_raster`; on a radiograph of 1430 x 1140 px it takes a third of the time.

    Args:
        data: the file's bytes.
        longest_px: longer side of the small picture; what is returned has at least twice as much, or all there is.

    Returns:
        8-bit grayscale, upright, ITU-R BT.601 luma.

    Raises:
        IntakeError: as of `read_raster`.
    """
    image, _ = _open(data, "JPEG", 0, settings)
    shrink = 2 * longest_px / max(image.size)
    wanted = (max(int(image.width * shrink), 1), max(int(image.height * shrink), 1))
    image.draft(None, wanted)
    _load(image, data, "JPEG", wanted)
    upright = _turn_upright(image, [])
    return upright if upright.mode == "L" else upright.convert("RGB").convert("L")


def _open(data: bytes, source_type: ReadableType, frame: int, settings: Settings) -> tuple[ImageFile.ImageFile, int]:
    """Open the header, with every check that needs no pixels."""
    page_count = 1
    if source_type == "JPEG":
        _check_jpeg(data, settings)
    if source_type == "TIFF":
        page_count = count_pages(data, limit=settings.max_frames)
    check_frame(frame, page_count, settings)
    try:
        if source_type == "PNG":
            Image.open(BytesIO(data), formats=["PNG"]).verify()  # checksums; loading does not look at them
        image = Image.open(BytesIO(data), formats=[source_type])
        if frame:
            image.seek(frame)
    except Image.DecompressionBombError as error:
        raise LimitExceededError(
            "The file's header claims a picture of more pixels than can be read.",
            "Export the radiograph at its usual size.",
        ) from error
    except UnidentifiedImageError as error:
        if source_type != "TIFF":
            raise _damaged(source_type) from error
        raise UnsupportedTypeError(
            "The TIFF's pixel layout is not read, or its tags are damaged.",
            "Save the radiograph as grayscale of 8 or 16 bits, or as PNG.",
        ) from error
    except Exception as error:  # Pillow raises many kinds on hostile headers
        raise _damaged(source_type) from error
    check_picture_size(*image.size, settings)
    return image, page_count


def _check_jpeg(data: bytes, settings: Settings) -> None:
    header = read_codestream(data)
    check_picture_size(header.width_px, header.height_px, settings)
    if header.process in _UNREAD_JPEG or header.bits != 8:
        raise UnsupportedTypeError(
            f"The file is a bare JPEG of a kind that is not read ({header.process}, {header.bits} bits).",
            "Export the radiograph from the PACS as DICOM, or save it as PNG.",
        )
    check_jpeg_structure(data)


def _load(
    image: ImageFile.ImageFile, data: bytes, source_type: ReadableType, reduced_to: tuple[int, int] | None = None
) -> None:
    """Decode the pixels; refuse a picture that is not all there.

    Args:
        reduced_to: what a JPEG was asked to be decoded at (`draft`), if anything.
    """
    if source_type == "TIFF" and not _tiles_cover(image):
        raise _cut_short(source_type)
    try:
        image.load()
    except Exception as error:
        if "truncated" in str(error).lower():
            raise _cut_short(source_type) from error
        raise _damaged(source_type) from error
    if source_type == "JPEG" and not _is_jpeg_complete(image, data, reduced_to):
        raise _cut_short(source_type)


def _tiles_cover(image: ImageFile.ImageFile) -> bool:
    """True when a TIFF's strips or tiles cover the page; Pillow leaves black what none covers."""
    extents = [tile[1] for tile in image.tile if tile[1] is not None]
    covered = sum((right - left) * (bottom - top) for left, top, right, bottom in extents)
    return covered >= image.width * image.height


def _is_jpeg_complete(image: ImageFile.ImageFile, data: bytes, reduced_to: tuple[int, int] | None) -> bool:
    """False when a JPEG's data ends early although its end marker is there; Pillow refuses it without one."""
    corner = image.crop((max(image.width - 4, 0), max(image.height - 4, 0), *image.size))
    # What a progressive scan lacks is filled in from the scans before it, so nothing shows.
    if "progressive" not in image.info and not may_be_filled(np.asarray(corner), bits=8):
        return True
    again = Image.open(BytesIO(with_altered_tail(data)), formats=["JPEG"])
    if reduced_to:
        again.draft(None, reduced_to)
    return again.tobytes() == image.tobytes()


def _turn_upright(image: Image.Image, notes: list[str]) -> Image.Image:
    try:
        if len(image.info.get("exif", b"")) > _MAX_EXIF_BYTES:
            raise ValueError("Exif block beyond its 64 KB")
        orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a damaged camera block does not concern the picture
        notes.append("The file's camera data (Exif) is damaged; the picture is shown as stored.")
        return image
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _is_white_zero(image: ImageFile.ImageFile) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and bool(image.tag_v2.get(_TIFF_PHOTOMETRIC, 0) == 0)


def _to_gray(image: Image.Image, notes: list[str]) -> tuple[np.ndarray, int]:
    """Return ``(H, W)`` float32 in [0, 1] and the bits per sample."""
    if image.mode == "F":
        return _scale_float(np.asarray(image), notes), 32
    if image.mode.startswith("I"):
        return _scale_integer(image, notes)
    if image.mode == "1":
        return np.asarray(image).astype(np.float32), 1
    if image.mode in ("LA", "La", "RGBA", "RGBa", "PA") or "transparency" in image.info:
        return _composite_on_black(image), 8
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return np.asarray(image.convert("L")).astype(np.float32) / 255.0, 8


def _composite_on_black(image: Image.Image) -> np.ndarray:
    """Return luma times opacity, ``(H, W)`` float32: what is transparent becomes black, like air."""
    opaque = image.convert("RGBA")
    luma = np.asarray(opaque.convert("RGB").convert("L")).astype(np.float32)
    weighted: np.ndarray = luma * np.asarray(opaque.getchannel("A")) / np.float32(255.0**2)
    return weighted


def _scale_integer(image: Image.Image, notes: list[str]) -> tuple[np.ndarray, int]:
    """Scale samples of 16 or 32 bits."""
    values = np.asarray(image)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high >= 2**16:
        notes.append("The file's brightness range is not stated; it was stretched from its darkest to its brightest.")
        return _stretch(values), 32
    bit_depth = next(bits for bits in _RASTER_BITS if high < 2**bits)
    pixels = values.astype(np.float32) / np.float32(2**bit_depth - 1)
    if isinstance(transparent := image.info.get("transparency"), int):
        pixels[values == transparent] = 0.0
    return pixels, bit_depth


def _scale_float(values: np.ndarray, notes: list[str]) -> np.ndarray:
    if not np.isfinite(values).all():
        raise CorruptFileError("The TIFF holds pixels that are not numbers (NaN or infinity).", _EXPORT_AGAIN)
    if values.min() >= 0.0 and values.max() <= 1.0:
        return values.astype(np.float32)
    notes.append("The file's brightness range is not stated; it was stretched from its darkest to its brightest.")
    return _stretch(values)


def _stretch(values: np.ndarray) -> np.ndarray:
    """Scale from minimum to maximum; a constant image becomes black."""
    values = values.astype(np.float64)
    low, high = values.min(), values.max()
    return ((values - low) / (high - low) if high > low else np.zeros_like(values)).astype(np.float32)


def _cut_short(source_type: str) -> CorruptFileError:
    return CorruptFileError(f"The {source_type} is cut short: part of the picture is missing.", _EXPORT_AGAIN)


def _damaged(source_type: str) -> CorruptFileError:
    return CorruptFileError(f"The {source_type} is damaged or cut short.", _EXPORT_AGAIN)
