"""Cells of a table for a spreadsheet. Apart: every room that writes a CSV quotes alike."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def quote_cell(text: str) -> str:
    """Keep a spreadsheet from running a name such as "=HYPERLINK(...)"."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
