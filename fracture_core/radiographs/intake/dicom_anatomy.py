"""What a DICOM header says is shown: body part, view and side, in words or codes, in one order for every door."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from fracture_core.radiographs.intake.dicom_values import read_dicom_code, read_dicom_value, read_items

_SIDES = frozenset({"L", "R", "B", "U"})
_SIDE_CODES = {"7771000": "L", "24028007": "R", "51440002": "B", "66459002": "U"}  # PS3.16 CID 244
# Codes of before 2020 whose concept is another one now (PS3.16 CID 4031).
_EARLIER_PARTS = {"51185008": "Chest", "113345001": "Abdomen", "12921003": "Pelvis", "302553009": "Abdomen"}
_VIEWS = {  # PS3.16 CID 4010 to the defined terms of View Position (PS3.3 C.8.7.1.1.3) and what is usual beside them
    "399348003": "AP",
    "272479007": "PA",
    "399067008": "LAT",
    "399173006": "LL",
    "399198007": "RL",
    "399182000": "OBL",
    "399184004": "LO",
    "399236003": "RO",
    "399061009": "AXIAL",
    "399033003": "FRONTAL",
    "399335002": "DP",
    "399071006": "PD",
    "399312000": "AP OBL",
    "399059000": "PA OBL",
    "399352003": "LM",
    "399260004": "ML",
    "399110001": "TANGENTIAL",
}
# Words for body parts that are no code strings (PS3.5 6.2), as some devices write them; what is free text stays out.
_FOREIGN_WORDS = {
    "SCHADEL": "SKULL",
    "KOPF": "HEAD",
    "BRUSTKORB": "CHEST",
    "WIRBELSAULE": "SPINE",
    "BECKEN": "PELVIS",
    "HUFTE": "HIP",
    "KNOCHEL": "ANKLE",
    "FUSS": "FOOT",
    "CRANEO": "SKULL",
    "TORAX": "CHEST",
    "MUNECA": "WRIST",
    "MANO": "HAND",
    "CRANE": "SKULL",
    "POIGNET": "WRIST",
    "MAIN": "HAND",
}


@dataclass(frozen=True)
class Anatomy:
    """What a header says is shown.

    Attributes:
        body_part: such as "HAND" or "WRIST JOINT"; "" where it is not stated.
        view: such as "AP"; "" where it is not stated.
        side: "L", "R", "B" (both), "U" (unpaired); "" where it is not stated, or where the header contradicts itself.
        notes: what contradicts itself, a sentence each.
    """

    body_part: str
    view: str
    side: str
    notes: tuple[str, ...] = ()


def read_anatomy(dataset: Dataset) -> Anatomy:
    """Return body part, view and side.

    The part is Body Part Examined, else the coded Anatomic Region (PS3.3 C.8.11.2: a DX has to state one of the two);
    the view is View Position, else the coded View. The side is Image Laterality, which is of this very image (PS3.3
    C.8.11.2), else the series' Laterality (C.7.3.1), else the modifier of the coded region. Two that disagree are no
    side at all: it is not written anywhere then, and said.
    """
    region = _first(read_items(dataset, "AnatomicRegionSequence"))
    view = _first(read_items(dataset, "ViewCodeSequence"))
    side, notes = _read_side(dataset, region)
    return Anatomy(
        body_part=_read_part(dataset) or _word_part(region),
        view=read_dicom_code(dataset, "ViewPosition") or _VIEWS.get(_read_sct(view), ""),
        side=side,
        notes=notes,
    )


def _read_side(dataset: Dataset, region: Dataset | None) -> tuple[str, tuple[str, ...]]:
    modifier = _first(read_items(region, "AnatomicRegionModifierSequence")) if region is not None else None
    stated = {
        "Image Laterality": read_dicom_code(dataset, "ImageLaterality"),
        "Laterality": read_dicom_code(dataset, "Laterality"),
        "the anatomic region": _SIDE_CODES.get(_read_sct(modifier), ""),
    }
    sides = {name: side for name, side in stated.items() if side in _SIDES}
    if len(set(sides.values())) > 1:
        said = ", ".join(f"{side} in {name}" for name, side in sides.items())
        return "", (f"The header contradicts itself on the side ({said}): no side is taken from it.",)
    return next(iter(sides.values()), ""), ()


def _read_part(dataset: Dataset) -> str:
    """Return Body Part Examined; of what is no code string only words that are known to name a body part."""
    if part := read_dicom_code(dataset, "BodyPartExamined"):
        return part
    value = read_dicom_value(dataset, "BodyPartExamined")
    texts = [value] if isinstance(value, str) else [str(part) for part in value or ()]
    words = [word for text in texts for word in _split_words(text)]
    return " ".join(dict.fromkeys(known for word in words if (known := _find_known(word))))[:40]


def _split_words(text: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").upper())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() and letter.isalpha() else " " for letter in letters).split()


def _find_known(word: str) -> str:
    if word in _FOREIGN_WORDS:
        return _FOREIGN_WORDS[word]
    return word if word in _KNOWN_WORDS else ""


def _word_part(region: Dataset | None) -> str:
    """Return the name that PS3.16 CID 4031 gives the coded region, not the meaning that the file spells out."""
    code = _read_sct(region)
    return (_PARTS.get(code) or _EARLIER_PARTS.get(code, "")).upper()


def _read_sct(item: Dataset | None) -> str:
    """Return an item's code in SNOMED CT, also where it is written as SNOMED RT; "" where there is none."""
    if item is None:
        return ""
    value = str(read_dicom_value(item, "CodeValue") or read_dicom_value(item, "LongCodeValue") or "").strip()
    scheme = str(read_dicom_value(item, "CodingSchemeDesignator") or "").strip()
    if scheme == "SCT":
        return value
    if scheme in ("SRT", "SNM3", "99SDM"):
        written = Code(value, "SRT", "")
        return next((known for known in _ALL_CODES if Code(known, "SCT", "") == written), "")
    return ""


def _first(items: list[Dataset]) -> Dataset | None:
    return items[0] if items else None


def _list_codes(group: object) -> dict[str, str]:
    members = (getattr(group, name) for name in dir(group))
    return {code.value: code.meaning for code in members if isinstance(code, Code)}


_PARTS = _list_codes(codes.cid4031)
_KNOWN_WORDS = frozenset(word for meaning in _PARTS.values() for word in _split_words(meaning) if len(word) > 2) - {
    "AND",
    "REGION",
    "STRUCTURE",
    "SYSTEMS",
    "ENTIRE",
    "COMMON",
    "LARGE",
    "SMALL",
    "INTERNAL",
}
_ALL_CODES = (*_PARTS, *_EARLIER_PARTS, *_SIDE_CODES, *_VIEWS)
