"""What a DICOM header says against a reading."""

from dataclasses import replace

import pytest

from fracture_core.reading.suitability.header import check_modality, check_part
from tests.unit.reading.suitability.drawn import draw


@pytest.mark.parametrize("modality", ["CT", "MR", "US", "NM", "PT", "MG", "PX", "SEG", "XYZ"])
def test_other_modalities_are_refused(modality: str) -> None:
    finding = check_modality(replace(draw(), details={"modality": modality}))
    assert finding.severity == "refused" and modality in finding.words and finding.advice


@pytest.mark.parametrize(
    ("modality", "severity"), [("CR", "ok"), ("DX", "ok"), ("", "ok"), ("RF", "look"), ("OT", "look")]
)
def test_radiographs_are_not_refused_by_their_modality(modality: str, severity: str) -> None:
    assert check_modality(replace(draw(), details={"modality": modality})).severity == severity


@pytest.mark.parametrize(
    "part", ["CHEST", "Thorax", "ABDOMEN", "SKULL", "HEAD", "CSPINE", "L SPINE", "LSPINE", "BREAST", "RIBS", "TEETH"]
)
def test_parts_that_were_not_learned_are_refused(part: str) -> None:
    finding = check_part(replace(draw(), details={"body_part": part}))
    assert finding.severity == "refused" and finding.kind == "part not learned" and part in finding.words


@pytest.mark.parametrize(
    "part",
    [
        "",
        "HAND",
        "WRIST",
        "ELBOW",
        "SHOULDER",
        "HIP",
        "PELVIS",
        "KNEE",
        "ANKLE",
        "FOOT",
        "EXTREMITY",
        "LEG",
        "FOREARM",
        "FEMUR",
        "TIBIA FIBULA",
        "CLAVICLE",
        "FINGER",
        "HEEL",
        "CALCANEUS",
        "SCAPULA",
        "FEMORAL NECK",
        "HEAD OF RADIUS",
    ],
)
def test_limbs_are_not_refused_by_their_name(part: str) -> None:
    assert check_part(replace(draw(), details={"body_part": part})).severity == "ok"
