"""The report as a PDF of one or two A4 pages."""

from fracture_core.doors.report.build import Report
from fracture_core.doors.report.paper import INK, LINE_MM, RULE, SOFT, TONES, Paper
from fracture_core.doors.report.pictures import draw_pictures
from fracture_core.doors.report.texts import (
    SUPPORTS,
    TITLE,
    list_limits,
    list_model_facts,
    list_notices,
    list_source_facts,
    word_call,
    word_heatmap,
    word_probability,
)

_LONGEST_PX = 1100
_GAP_MM = 6.0
_HIGHEST_MM = 92.0


def render_pdf(report: Report) -> bytes:
    """Return the PDF's bytes; the same for the same report.

    Raises:
        ReportError: the statement holds letters that the bundled font lacks.
    """
    paper = Paper(report.at)
    if report.statement:
        paper.check_letters(report.statement.reader + report.statement.note)
    paper.write_text(TITLE, size=15, bold=True)
    paper.write_text(SUPPORTS, colour=SOFT)
    _draw_call(paper, report)
    _draw_pictures(paper, report)
    _write_statement(paper, report)
    paper.write_heading("What the call means")
    paper.write_list(report.meaning.sentences)
    if notices := list_notices(report):
        paper.write_heading("About the picture")
        paper.write_list(notices)
    paper.write_heading("Limits")
    paper.write_list(list_limits(report))
    paper.write_facts("What was read", [(name, paper.keep_known(text)) for name, text in list_source_facts(report)])
    paper.write_facts("The model", list_model_facts(report))
    return bytes(paper.output())


def _draw_call(paper: Paper, report: Report) -> None:
    paper.ln(4)
    paper.write_text(word_call(report), size=17, bold=True, colour=TONES[report.reading.call])
    paper.write_text(word_probability(report), size=10)
    paper.ln(2)
    _draw_line(paper, report)


def _draw_line(paper: Paper, report: Report) -> None:
    """Draw the line from 0 to 1 with the probability and the two operating points."""
    reading, left, top, width = report.reading, paper.l_margin, paper.get_y(), paper.epw
    low, high = reading.points.high_sensitivity.threshold, reading.points.high_specificity.threshold
    paper.set_fill_color(*RULE)
    paper.rect(left, top, width, 3, style="F")
    paper.set_fill_color(*TONES[reading.call])
    paper.rect(left, top, width * reading.p_fracture, 3, style="F")
    paper.set_draw_color(*INK)
    paper.set_line_width(0.4)
    for threshold in sorted({low, high}):
        paper.line(left + width * threshold, top - 1, left + width * threshold, top + 4)
    paper.set_y(top + 4.2)
    zone = f"uncertain from {low:.2f} to {high:.2f}" if low != high else f"operating point {low:.2f}"
    paper.write_text(f"0 to 1: negative below {low:.2f}, {zone}, positive from {high:.2f}", size=8, colour=SOFT)
    paper.ln(2)


def _draw_pictures(paper: Paper, report: Report) -> None:
    """Draw the radiograph, and beside it the same with its heatmap, the scale below."""
    pictures = draw_pictures(report, _LONGEST_PX)
    width, height = pictures.radiograph.size
    room = (paper.epw - _GAP_MM) / 2
    wide = min(room, _HIGHEST_MM * width / height)
    high, top = wide * height / width, paper.get_y()
    beside = paper.l_margin + room + _GAP_MM
    paper.image(pictures.radiograph, paper.l_margin, top, wide, high, alt_text="The radiograph")
    paper.image(pictures.overlay, beside, top, wide, high, alt_text="The radiograph with the model's heatmap")
    bar = top + high + 1.5
    paper.image(pictures.scale, beside, bar, wide, 2.5, alt_text="The heatmap's scale, from nothing to full")
    paper.set_xy(paper.l_margin, bar - 0.5)
    paper.set_font("body", "", 8)
    paper.set_text_color(*SOFT)
    paper.cell(room, LINE_MM, "The radiograph as it was read")
    paper.set_xy(beside, bar + 3)
    paper.cell(wide / 2, LINE_MM, "nothing", align="L")
    paper.cell(wide / 2, LINE_MM, "full", align="R")
    paper.set_y(bar + 3 + LINE_MM)
    paper.write_text(word_heatmap(report), size=8, colour=SOFT)


def _write_statement(paper: Paper, report: Report) -> None:
    if report.statement:
        paper.write_heading(f"What {report.statement.reader} says")
        paper.write_text(report.statement.words)
