"""An A4 page with the report's fonts: headings, facts, lists and the footer."""

import logging
from collections.abc import Container, Iterable
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from fracture_core.base import ReportError
from fracture_core.doors.report.texts import SUPPORTS, TITLE, Facts

FONTS = Path(__file__).parent / "fonts"
INK, SOFT, RULE = (25, 28, 33), (95, 102, 112), (205, 209, 214)
TONES = {"positive": (170, 40, 32), "uncertain": (148, 98, 0), "negative": (24, 106, 82)}
LINE_MM = 4.6
_FACT_MM = 38.0
# Their messages may quote a name.
for _name in ("fpdf", "fontTools"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Paper(FPDF):
    """A document in the report's fonts; its text can be selected, searched and read aloud."""

    def __init__(self, at: datetime) -> None:
        super().__init__(format="A4")
        self.set_margins(16, 14, 16)
        self.set_auto_page_break(True, margin=18)
        self.c_margin = 0  # text begins where pictures and lines begin
        self.add_font("body", "", FONTS / "DejaVuSans.ttf")
        self.add_font("body", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_lang("en")
        self.set_title(TITLE)
        self.set_creator("fracture_core")
        self.set_creation_date(at)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.write_text(f"{SUPPORTS}  Page {self.page_no()} of {{nb}}", size=7, colour=SOFT)

    def write_text(
        self, text: str, *, size: float = 9, bold: bool = False, colour: tuple[int, int, int] = INK, width: float = 0
    ) -> None:
        """Write a paragraph from the left margin, or from where the pen is if ``width`` (mm) is given."""
        self.set_font("body", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(width, LINE_MM * size / 9, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_heading(self, text: str) -> None:
        if self.get_y() > self.h - 42:  # a heading never stands alone at the foot of a page
            self.add_page()
        self.ln(2.5)
        self.write_text(text, size=11, bold=True)
        self.ln(0.6)

    def write_list(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.set_x(self.l_margin)
            self.set_font("body", "", 9)
            self.set_text_color(*INK)
            self.cell(4, LINE_MM, "•")
            self.write_text(line, width=self.epw - 4)
            self.ln(0.5)

    def write_facts(self, heading: str, facts: Facts) -> None:
        """Write a heading and its facts, together on one page."""
        if self.get_y() + (len(facts) + 5) * LINE_MM > self.h - self.b_margin:
            self.add_page()
        self.write_heading(heading)
        for name, text in facts:
            self.set_font("body", "", 8.5)
            self.set_text_color(*SOFT)
            self.cell(_FACT_MM, LINE_MM, name)
            self.write_text(text, size=8.5, width=self.epw - _FACT_MM)
        self.ln(0.5)

    def check_letters(self, text: str) -> None:
        """Raise ReportError where the fonts lack a letter of ``text``; which is not told, it may be of a name."""
        known = self._list_letters()
        if any(ord(letter) not in known for letter in text if letter not in "\n\r\t"):
            raise ReportError(
                "The report's font lacks a letter of the name or the note.",
                "Write them in Latin, Greek or Cyrillic letters.",
            )

    def _list_letters(self) -> Container[int]:
        font = self.fonts["body"]
        assert isinstance(font, TTFFont)  # as it was added from a file
        return font.cmap

    def keep_known(self, text: str) -> str:
        """Return ``text`` with a question mark for every letter that the fonts lack."""
        known = self._list_letters()
        return "".join(letter if ord(letter) in known else "?" for letter in text)
