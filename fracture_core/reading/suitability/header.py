"""What a DICOM header says against a reading: another modality, or a part the model has not learned."""

import re

from fracture_core.radiographs import Radiograph
from fracture_core.reading.suitability.findings import Finding

# PS3.3 C.7.3.1.1.1: projection radiography, and what says nothing about the picture.
_RADIOGRAPHS = frozenset({"CR", "DX", "DR", "RG", ""})
_MAYBE = {
    "RF": "fluoroscopy",
    "XA": "angiography or fluoroscopy",
    "OT": "an unstated kind",
    "SC": "a secondary capture",
}
_MODALITIES = {
    "CT": "computed tomography",
    "MR": "magnetic resonance",
    "US": "ultrasound",
    "NM": "nuclear medicine",
    "PT": "PET",
    "MG": "mammography",
    "IO": "intra-oral dental radiography",
    "PX": "panoramic dental radiography",
    "ECG": "an ECG",
    "SM": "slide microscopy",
    "XC": "photography",
    "ES": "endoscopy",
    "OP": "ophthalmic photography",
    "OPT": "ophthalmic tomography",
    "RTIMAGE": "a radiotherapy image",
    "RTDOSE": "a radiotherapy dose",
    "SEG": "a segmentation",
    "DOC": "a document",
    "BMD": "bone densitometry",
}
# Of PS3.16 Annex L and of what is typed in its place; beginnings of words.
_OTHER_PARTS = {
    "the chest": ("CHEST", "THORAX", "LUNG", "HEART", "RIB", "STERNUM", "THORA"),
    "the abdomen": ("ABDOM", "KUB", "COLON", "KIDNEY", "BLADDER", "STOMACH", "LIVER", "BOWEL", "PANCREAS"),
    "the head": (
        "HEAD",
        "SKULL",
        "FACE",
        "FACIAL",
        "ORBIT",
        "NASAL",
        "NOSE",
        "SINUS",
        "JAW",
        "MANDIB",
        "MAXILLA",
        "ZYGOMA",
        "BRAIN",
        "EAR",
        "TMJ",
        "TEETH",
        "TOOTH",
        "DENTAL",
    ),
    "the neck or spine": (
        "NECK",
        "SPINE",
        "CSPINE",
        "TSPINE",
        "LSPINE",
        "CTSPINE",
        "TLSPINE",
        "LSSPINE",
        "CERVIC",
        "LUMBAR",
        "LSP",
        "SACRUM",
        "COCCYX",
        "SSPINE",
        "VERTEB",
    ),
    "the breast": ("BREAST",),
    "the whole body": ("WHOLE", "WHOLEBODY"),
}
# Of several words a limb's has the last say: the neck of the femur is no neck.
_LIMBS = (
    "FEM",
    "HUM",
    "RADI",
    "HIP",
    "SHOULD",
    "ARM",
    "FOREARM",
    "HAND",
    "FINGER",
    "WRIST",
    "ELBOW",
    "LEG",
    "KNEE",
    "ANKLE",
    "FOOT",
    "TIB",
    "FIB",
    "EXTREM",
    "CLAV",
    "SCAP",
)


def check_modality(radiograph: Radiograph) -> Finding:
    """Return whether the header says that it is a radiograph; files without a header say nothing."""
    modality = radiograph.details.get("modality", "")
    if modality in _RADIOGRAPHS:
        return Finding("modality", "ok", f"The header says {modality}." if modality else "No modality is stated.")
    if modality in _MAYBE:
        return Finding(
            "modality",
            "look",
            f"The header says {modality}, {_MAYBE[modality]}.",
            "Make sure that it is a plain radiograph.",
        )
    name = _MODALITIES.get(modality, "no projection radiography")
    return Finding(
        "not a radiograph", "refused", f"The header says {modality}, {name}.", "Choose a plain radiograph of a limb."
    )


def check_part(radiograph: Radiograph) -> Finding:
    """Return whether the header names a part of the body that the model has not learned."""
    stated = radiograph.details.get("body_part", "")
    words = [word for word in re.split(r"[^A-Z]+", stated.upper()) if word]
    is_limb = any(word.startswith(_LIMBS) for word in words)
    for part, beginnings in () if is_limb else _OTHER_PARTS.items():
        if any(word.startswith(beginnings) for word in words):
            return Finding(
                "part not learned",
                "refused",
                f"The header says {stated}: {part} is not a part that the model has learned.",
                "The model reads limbs, shoulders and hips. Choose such a radiograph, or read this one yourself.",
            )
    return Finding("part", "ok", f"The header says {stated}." if stated else "No part of the body is stated.")
