"""DICOM to a Radiograph: header, pixels, the grayscale pipeline, and what a reader should know."""

from hashlib import sha256

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.uid import UID

from fracture_core.base import CorruptFileError, Settings
from fracture_core.radiographs.body_parts import find_body_part
from fracture_core.radiographs.intake.burned_in import describe_burned_in
from fracture_core.radiographs.intake.colour import measure_colour_share
from fracture_core.radiographs.intake.dicom_anatomy import Anatomy, read_anatomy
from fracture_core.radiographs.intake.dicom_display import find_frame_item, read_display_transform, read_luma_palette
from fracture_core.radiographs.intake.dicom_format import PixelFormat, read_pixel_format
from fracture_core.radiographs.intake.dicom_header import DicomHeader, quiet_pydicom, read_header
from fracture_core.radiographs.intake.dicom_pixels import decode_frame
from fracture_core.radiographs.intake.dicom_shutter import read_shutter
from fracture_core.radiographs.intake.dicom_values import read_dicom_code, read_dicom_value, read_numbers, read_text
from fracture_core.radiographs.intake.full_depth import keep_full_depth
from fracture_core.radiographs.intake.grayscale import DisplayTransform, show_grayscale
from fracture_core.radiographs.intake.square_pixels import make_pixels_square
from fracture_core.radiographs.radiograph import Radiograph

# Projection radiography (PS3.3 C.7.3.1.1.1).
_RADIOGRAPHIC_MODALITIES = frozenset({"CR", "DX", "RF", "XA", "MG", "IO", "PX"})
_PATIENT_KEYWORDS = ("PatientID", "IssuerOfPatientID", "PatientName", "PatientBirthDate")
_FEWEST_DOTS = 3  # of the UID of an exam; "0" or "1.2.3" is what a tool writes that has none
# "For Processing" (PS3.3 A.26 to A.28): the class alone says so.
_RAW_CLASSES = frozenset(
    {
        uid.DigitalXRayImageStorageForProcessing,
        uid.DigitalMammographyXRayImageStorageForProcessing,
        uid.DigitalIntraOralXRayImageStorageForProcessing,
    }
)
_LUMA_WEIGHTS = (0.299, 0.587, 0.114)  # ITU-R BT.601


def read_dicom(data: bytes, *, frame: int, settings: Settings) -> Radiograph:
    """Read one frame of a DICOM file.

    Args:
        data: the file's bytes.
        frame: zero-based; the others are not decoded.
        settings: limits, checked before pixels are decoded.

    Returns:
        A Radiograph. Grayscale goes through modality table or rescale, VOI table or window, and the sense of
        MONOCHROME1, in that order (PS3.3 C.11.1, C.11.2, C.7.6.3.1.2); colour becomes ITU-R BT.601 luma.

    Raises:
        IntakeError: cut short, damaged, encrypted, too large, not a picture, or a syntax that is not read.
    """
    notes: list[str] = []
    with quiet_pydicom():
        header = read_header(data)
        pixel_format = read_pixel_format(header, frame=frame, settings=settings)
        transform = _read_transform(header, pixel_format, frame, notes)
        shutter = None
        if pixel_format.samples_per_pixel == 1:
            item = find_frame_item(header.dataset, frame, "FrameDisplayShutterSequence")
            shutter = read_shutter(item, pixel_format.rows, pixel_format.columns, notes)
        aspect = _read_spacing(header.dataset, "PixelAspectRatio")
        notes += _notices(header)
        anatomy = read_anatomy(header.dataset)
        notes += anatomy.notes
        details, (spacing_mm, is_calibrated) = _details(header, anatomy), _pixel_spacing_mm(header, frame)
        exam_sha256 = _hash_exam(header, anatomy)
    pixels, photometric = decode_frame(data, header, pixel_format, frame=frame, settings=settings)
    if pixel_format.samples_per_pixel == 3:
        shown, full_depth = _color_to_gray(pixels, photometric, pixel_format), None
    else:
        shown, full_depth = show_grayscale(pixels, transform, shutter), keep_full_depth(pixels, transform, shutter)
    radiograph = Radiograph(
        pixels=shown,
        source_type="DICOM",
        bit_depth=pixel_format.bits_stored,
        frame_index=frame,
        frame_count=pixel_format.frame_count,
        photometric=pixel_format.photometric if pixel_format.photometric.startswith("MONOCHROME") else "RGB",
        pixel_spacing_mm=spacing_mm,
        is_spacing_calibrated=is_calibrated,
        colour_share=measure_colour_share(pixels) if pixel_format.samples_per_pixel == 3 else 0.0,
        full_depth=full_depth,
        exam_sha256=exam_sha256,
        warnings=tuple(notes),
        details=details,
    )
    return make_pixels_square(radiograph, aspect, settings.max_pixels)


def _read_transform(header: DicomHeader, pixel_format: PixelFormat, frame: int, notes: list[str]) -> DisplayTransform:
    if pixel_format.photometric.startswith("MONOCHROME"):
        return read_display_transform(header, pixel_format, frame, notes)
    if pixel_format.photometric == "PALETTE COLOR":
        is_big_endian = header.transfer_syntax == uid.ExplicitVRBigEndian
        return DisplayTransform(voi_table=read_luma_palette(header.dataset, is_big_endian=is_big_endian))
    return DisplayTransform()


def _color_to_gray(pixels: np.ndarray, photometric: str, pixel_format: PixelFormat) -> np.ndarray:
    """Return ``(H, W)`` float32 ITU-R BT.601 luma of ``(H, W, 3)`` RGB."""
    if photometric != "RGB":  # pydicom turns every kind that is let in here to RGB
        raise CorruptFileError("The DICOM file's colours cannot be converted.", "Export the radiograph again.")
    brightest = np.float32(2.0 ** min(pixel_format.bits_stored, 8 * pixels.itemsize) - 1.0)
    luma = np.zeros(pixels.shape[:2], np.float32)
    for channel, weight in enumerate(_LUMA_WEIGHTS):
        luma += pixels[..., channel] * (np.float32(weight) / brightest)
    return np.clip(luma, 0.0, 1.0)


def _notices(header: DicomHeader) -> list[str]:
    """Return what a reader should know from the header."""
    notes = []
    modality = read_dicom_code(header.dataset, "Modality")
    if not modality:
        notes.append("The file does not state its modality: it may not be a radiograph.")
    elif modality not in _RADIOGRAPHIC_MODALITIES:
        notes.append(f"The file's modality is {modality}, which is not projection radiography.")
    notes += describe_burned_in(header.dataset)
    is_raw_class = str(read_dicom_value(header.dataset, "SOPClassUID") or "") in _RAW_CLASSES
    if is_raw_class or read_dicom_code(header.dataset, "PresentationIntentType") == "FOR PROCESSING":
        notes.append("The picture is raw detector data (FOR PROCESSING), not meant for reading.")
    if not read_dicom_code(header.dataset, "PhotometricInterpretation"):
        notes.append("The file does not state its photometric interpretation; bright was taken to be dense.")
    return notes


def _details(header: DicomHeader, anatomy: Anatomy) -> dict[str, str]:
    """Return de-identified facts; code strings and a device's model, never free text about a person."""
    dataset = header.dataset
    found = {
        "modality": read_dicom_code(dataset, "Modality"),
        "body_part": anatomy.body_part,
        "view": anatomy.view,
        "laterality": anatomy.side,
        "manufacturer_model": read_text(dataset, "ManufacturerModelName"),
        "burned_in_annotation": read_dicom_code(dataset, "BurnedInAnnotation"),
        "transfer_syntax": header.transfer_syntax.name,
    }
    return {name: value for name, value in found.items() if value}


def _hash_exam(header: DicomHeader, anatomy: Anatomy) -> str:
    """Return what views of one exam have in common: study, patient, body part and side. Empty where none can be told.

    One study can hold both hands, or wrist and ankle, and de-identified files of many patients often bear one UID: a
    call is taken to the bedside for one limb of one patient. UIDs that are placeholders join nothing.
    """
    study = str(read_dicom_value(header.dataset, "StudyInstanceUID") or "").strip("\0 ")
    if not UID(study).is_valid or study.count(".") < _FEWEST_DOTS:
        return ""
    patient = (str(read_dicom_value(header.dataset, keyword) or "").strip("\0 ") for keyword in _PATIENT_KEYWORDS)
    parts = (study, *patient, find_body_part(anatomy.body_part).word, anatomy.side)
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _pixel_spacing_mm(header: DicomHeader, frame: int) -> tuple[tuple[float, float] | None, bool]:
    """Return (row, column) spacing, and whether it is calibrated, else at the detector (PS3.3 10.7.1.1, C.8.7.10)."""
    measures = find_frame_item(header.dataset, frame, "PixelMeasuresSequence")
    at_detector = _read_spacing(header.dataset, "ImagerPixelSpacing")
    stated = _read_spacing(measures, "PixelSpacing") or _read_spacing(header.dataset, "PixelSpacing")
    if stated is None:
        return at_detector, False
    # Without the type, a spacing that differs from the detector's has been calibrated (PS3.3 10.7.1.3).
    is_typed = read_dicom_code(header.dataset, "PixelSpacingCalibrationType") in ("GEOMETRY", "FIDUCIAL")
    return stated, is_typed or (at_detector is not None and stated != at_detector)


def _read_spacing(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    spacing = read_numbers(dataset, keyword)
    return (spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None
