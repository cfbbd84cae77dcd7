"""Cells of a table: what a spreadsheet would run is quoted, all else stays."""

import pytest

from fracture_core.base.csv_cells import quote_cell


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_formula_is_quoted(text: str) -> None:
    assert quote_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "hand.jpg", "a=b", " =x", "'=x"])
def test_other_text_stays(text: str) -> None:
    assert quote_cell(text) == text
