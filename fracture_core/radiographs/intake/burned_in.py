"""Whether text may be burned into a picture, as far as its header tells."""

from pydicom import uid
from pydicom.dataset import Dataset

from fracture_core.radiographs.intake.dicom_values import read_dicom_code, read_dicom_value

_SECONDARY_CAPTURES = frozenset(
    {
        uid.SecondaryCaptureImageStorage,
        uid.MultiFrameSingleBitSecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
    }
)


def describe_burned_in(header: Dataset) -> list[str]:
    """Return what a reader should know of text in the picture; nothing where the header gives no reason to expect any.

    Text is expected where Burned In Annotation says YES (PS3.3 C.7.6.1.1.2), and also in a screenshot, a scanned film
    or another secondary capture (C.8.6) whose header does not say NO.
    """
    stated = read_dicom_code(header, "BurnedInAnnotation")
    if stated == "YES":
        return ["The file says that text is burned into the picture; it may identify the patient."]
    if stated != "NO" and _is_captured(header):
        return [
            "The picture is a secondary capture, such as a screenshot or a scanned film, and the file does not say "
            "that it is free of text; text in it may identify the patient."
        ]
    return []


def _is_captured(header: Dataset) -> bool:
    image_type = read_dicom_value(header, "ImageType") or ()
    parts = [image_type] if isinstance(image_type, str) else list(image_type)
    return (
        str(read_dicom_value(header, "SOPClassUID") or "") in _SECONDARY_CAPTURES
        or bool(read_dicom_code(header, "ConversionType"))
        or any("SCREEN" in str(part).upper() for part in parts)
        or [str(part).strip().upper() for part in parts[1:2]] == ["SECONDARY"]
    )
