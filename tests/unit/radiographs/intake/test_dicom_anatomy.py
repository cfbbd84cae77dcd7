"""Body part, view and side: words before codes, one order for all, and nothing where the header contradicts itself."""

import pytest
from pydicom.dataset import Dataset

from fracture_core.radiographs.intake.dicom_anatomy import read_anatomy


def code(value: str, scheme: str = "SCT", **more: list[Dataset]) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, "DOE^JANE"
    for keyword, value_ in more.items():
        setattr(item, keyword, value_)
    return item


def sided(value: str, scheme: str) -> Dataset:
    return code("85562004", AnatomicRegionModifierSequence=[code(value, scheme)])


def build(**attributes: object) -> Dataset:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("region", "part"),
    [
        (code("T-D3000", "SRT"), "CHEST"),
        (code("816094009"), "CHEST"),
        (code("T-D8700", "SRT"), "HAND"),
        (code("85562004"), "HAND"),
        (code("74670003"), "WRIST JOINT"),
        (code("89546000"), "SKULL"),
        (code("1234", "99LOCAL"), ""),
        (code("nonsense"), ""),
    ],
)
def test_a_coded_region_counts_as_the_words_do(region: Dataset, part: str) -> None:
    found = read_anatomy(build(AnatomicRegionSequence=[region]))
    assert found.body_part == part and "DOE" not in found.body_part


def test_words_go_before_codes() -> None:
    both = build(BodyPartExamined="FOOT", ViewPosition="AP", AnatomicRegionSequence=[code("85562004")])
    assert (read_anatomy(both).body_part, read_anatomy(both).view) == ("FOOT", "AP")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("written", "part"),
    [("SCHÄDEL", "SKULL"), ("Hüfte", "HIP"), ("HAND,WRIST", "HAND WRIST"), (["HAND", "WRIST"], "HAND WRIST")],
)
def test_words_that_are_no_code_string_are_understood(written: object, part: str) -> None:
    assert read_anatomy(build(BodyPartExamined=written)).body_part == part


@pytest.mark.filterwarnings("ignore")
def test_free_text_stays_out() -> None:
    assert read_anatomy(build(BodyPartExamined="Jane Doe's hand, 1.2.1970")).body_part == "HAND"


@pytest.mark.parametrize(("value", "view"), [("399348003", "AP"), ("272479007", "PA"), ("399067008", "LAT"), ("1", "")])
def test_a_coded_view_counts_too(value: str, view: str) -> None:
    assert read_anatomy(build(ViewCodeSequence=[code(value)])).view == view


@pytest.mark.parametrize(
    ("attributes", "side"),
    [
        ({}, ""),
        ({"ImageLaterality": "R"}, "R"),
        ({"Laterality": "L"}, "L"),
        ({"ImageLaterality": "R", "Laterality": "R"}, "R"),
        ({"ImageLaterality": "", "Laterality": "L"}, "L"),
        ({"ImageLaterality": "B"}, "B"),
        ({"AnatomicRegionSequence": [sided("24028007", "SCT")]}, "R"),
        ({"AnatomicRegionSequence": [sided("G-A101", "SRT")]}, "L"),
    ],
)
def test_the_side_is_read_in_one_order(attributes: dict[str, object], side: str) -> None:
    found = read_anatomy(build(**attributes))
    assert (found.side, found.notes) == (side, ())


@pytest.mark.parametrize(
    "attributes",
    [
        {"ImageLaterality": "R", "Laterality": "L"},
        {"Laterality": "L", "AnatomicRegionSequence": [sided("24028007", "SCT")]},
    ],
)
def test_two_sides_are_none_and_it_is_said(attributes: dict[str, object]) -> None:
    found = read_anatomy(build(**attributes))
    assert found.side == "" and "contradicts itself" in found.notes[0]
