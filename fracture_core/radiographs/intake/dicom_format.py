"""What a DICOM header promises of its pixels, checked before any is decoded."""

from dataclasses import dataclass

from fracture_core.base import CorruptFileError, Settings, UnsupportedTypeError
from fracture_core.radiographs.intake.dicom_header import DicomHeader
from fracture_core.radiographs.intake.dicom_values import read_dicom_code, read_integer
from fracture_core.radiographs.intake.limits import check_frame, check_picture_size

_COLOR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_GRAY = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_EXPORT_AGAIN = "Export the radiograph again from the PACS."


@dataclass(frozen=True)
class PixelFormat:
    """The Image Pixel module (PS3.3 C.7.6.3): what the header promises of every frame."""

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    photometric: str
    planar_configuration: int
    frame_count: int

    @property
    def shape(self) -> tuple[int, ...]:
        size = (self.rows, self.columns)
        return size if self.samples_per_pixel == 1 else (*size, self.samples_per_pixel)


def read_pixel_format(header: DicomHeader, *, frame: int, settings: Settings) -> PixelFormat:
    """Read and check the Image Pixel module, before pixels are decoded.

    Raises:
        CorruptFileError: values are missing or contradict each other; names the attribute.
        LimitExceededError, FrameNotFoundError: too large, too many frames, or not this frame.
        UnsupportedTypeError: a layout that is not read.
    """
    dataset = header.dataset
    is_float = header.pixel_keyword != "PixelData"
    bits_allocated = read_integer(dataset, "BitsAllocated")
    bits_stored = read_integer(dataset, "BitsStored", bits_allocated)
    found = PixelFormat(
        rows=read_integer(dataset, "Rows"),
        columns=read_integer(dataset, "Columns"),
        samples_per_pixel=read_integer(dataset, "SamplesPerPixel", 1),
        bits_allocated=bits_allocated,
        bits_stored=bits_allocated if is_float else bits_stored,
        high_bit=read_integer(dataset, "HighBit", bits_stored - 1),
        is_signed=read_integer(dataset, "PixelRepresentation", 0) == 1,
        photometric=read_dicom_code(dataset, "PhotometricInterpretation") or "MONOCHROME2",
        planar_configuration=read_integer(dataset, "PlanarConfiguration", 0),
        frame_count=max(read_integer(dataset, "NumberOfFrames", 1), 1),
    )
    check_picture_size(found.columns, found.rows, settings)
    check_frame(frame, found.frame_count, settings)
    _check_layout(found, is_float=is_float)
    return found


def _check_layout(found: PixelFormat, *, is_float: bool) -> None:
    allowed_bits = (32, 64) if is_float else (1, 8, 16, 32)
    if found.bits_allocated not in allowed_bits or not 1 <= found.bits_stored <= found.bits_allocated:
        raise CorruptFileError(
            f"The DICOM file's header states {found.bits_stored} of {found.bits_allocated} bits per sample, "
            "which is not a layout of pixels that is read.",
            _EXPORT_AGAIN,
        )
    is_color = found.photometric in _COLOR
    if not is_color and found.photometric not in _GRAY:
        raise UnsupportedTypeError(
            f"The DICOM file's colours are stored as {found.photometric}, which is not read.", _EXPORT_AGAIN
        )
    if found.samples_per_pixel != (3 if is_color else 1):
        raise CorruptFileError(
            f"The DICOM file's header states {found.samples_per_pixel} samples per pixel for {found.photometric}.",
            _EXPORT_AGAIN,
        )
