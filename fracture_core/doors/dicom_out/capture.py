"""A Secondary Capture: the radiograph with its heatmap, and a strip below that says what this is."""

import numpy as np
from highdicom.sc import SCImage
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import DA, TM

from fracture_core.doors.dicom_out.common import check_match, describe_maker, encode, find_frame_number, make_uid
from fracture_core.doors.dicom_out.source import DicomSource
from fracture_core.doors.report.build import Report
from fracture_core.doors.report.paper import FONTS
from fracture_core.doors.report.pictures import draw_pictures
from fracture_core.doors.report.texts import SUPPORTS, word_call

_LONGEST_PX = 2048
_NARROWEST_PX = 480  # so that the strip can be read
_SERIES_NUMBER = 9001  # well apart from a modality's own


def build_capture(report: Report, source: DicomSource, *, identity: str = "") -> bytes:
    """Return the file of a Secondary Capture Image in the source's study, in a series of its own.

    Its picture is at most 2,048 px long, 8 bit RGB. It states no pixel spacing: measure on the radiograph itself.

    Args:
        report, source: of one file.
        identity: tells the reading from all others; made again from it, the object has the same UIDs.

    Raises:
        ReportError: the header is another file's, or cannot be used.
    """
    check_match(report, source)
    return encode(lambda: _build(report, source, identity), report, source)


def draw_capture(report: Report) -> np.ndarray:
    """Return ``(H, W, 3)`` uint8: radiograph with heatmap, and the strip below."""
    pictures = draw_pictures(report, _LONGEST_PX)
    width, height = pictures.overlay.size
    canvas_width = max(width, _NARROWEST_PX)
    font = ImageFont.truetype(str(FONTS / "DejaVuSans.ttf"), max(13, canvas_width // 55))
    lines = [line for text in _list_texts(report) for line in _wrap(text, font, canvas_width - 2 * font.size)]
    step, letter_px = round(font.size * 1.4), round(font.size)
    canvas = Image.new("RGB", (canvas_width, height + step * (len(lines) + 2)), (0, 0, 0))
    canvas.paste(pictures.overlay, ((canvas_width - width) // 2, 0))
    pen, top = ImageDraw.Draw(canvas), height + step // 2
    scale = pictures.scale.resize((canvas_width // 3, letter_px))
    canvas.paste(scale, (letter_px, top))
    legend = f"heatmap: nothing to full; at most {float(report.reading.heatmap.max()):.0%} here"
    pen.text((2 * font.size + scale.width, top - font.size // 6), legend, (220, 220, 220), font)
    for number, line in enumerate(lines, 1):
        pen.text((font.size, top + number * step), line, (255, 255, 255), font)
    return np.asarray(canvas)


def _list_texts(report: Report) -> list[str]:
    reading = report.reading
    low, high = reading.points.high_sensitivity.threshold, reading.points.high_specificity.threshold
    return [
        f"{word_call(report)}, p = {reading.p_fracture:.2f} (negative below {low:.2f}, positive from {high:.2f})",
        f"Drawn by the model {reading.model}, weights {reading.model_sha256[:8]}. {SUPPORTS}",
    ]


def _wrap(text: str, font: ImageFont.FreeTypeFont, width_px: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width_px or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _build(report: Report, source: DicomSource, identity: str) -> SCImage:
    study = source.dataset
    capture = SCImage(
        pixel_array=draw_capture(report),
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),  # highdicom wants one; the source's own is written below
        study_instance_uid=study.StudyInstanceUID,
        series_instance_uid=make_uid(identity, "SC series"),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=make_uid(identity, "SC"),
        instance_number=1,
        patient_id=study.PatientID,
        patient_name=study.PatientName,
        patient_birth_date=study.PatientBirthDate or None,
        patient_sex=study.PatientSex,
        accession_number=study.AccessionNumber,
        study_id=study.StudyID,
        study_date=study.StudyDate or None,
        study_time=study.StudyTime or None,
        referring_physician_name=study.ReferringPhysicianName,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        series_description="Heatmap of a fracture model",
        **describe_maker(report, source),
    )
    at = source.localise(report.at)
    capture.DateOfSecondaryCapture, capture.TimeOfSecondaryCapture = DA(at.date()), TM(at.time().replace(microsecond=0))
    capture.ConversionType = "WSD"  # workstation: neither scanned nor a video's frame
    capture.PatientOrientation = list(source.orientation)
    capture.Laterality = source.laterality
    capture.SecondaryCaptureDeviceManufacturer = capture.Manufacturer
    capture.SecondaryCaptureDeviceManufacturerModelName = capture.ManufacturerModelName
    capture.SecondaryCaptureDeviceSoftwareVersions = capture.SoftwareVersions
    capture.DerivationDescription = (
        f"Heatmap of {report.reading.model}, weights {report.reading.model_sha256[:16]}, over the radiograph"
    )
    capture.ImageComments = " ".join(_list_texts(report))
    capture.SourceImageSequence = [_refer_to_source(report, source)]
    if source.burned_in in ("YES", "NO"):
        capture.BurnedInAnnotation = source.burned_in  # the strip names nobody
    return capture


def _refer_to_source(report: Report, source: DicomSource) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.dataset.SOPClassUID
    item.ReferencedSOPInstanceUID = source.dataset.SOPInstanceUID
    if number := find_frame_number(report, source):
        item.ReferencedFrameNumber = number
    purpose, code = Dataset(), codes.DCM.SourceImageForImageProcessingOperation
    purpose.CodeValue, purpose.CodingSchemeDesignator, purpose.CodeMeaning = (
        code.value,
        code.scheme_designator,
        code.meaning,
    )
    item.PurposeOfReferenceCodeSequence = [purpose]
    return item
