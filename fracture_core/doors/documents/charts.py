"""The reliability curve as a small SVG."""

from html import escape

from fracture_core.evaluation import CalibrationFigures, Evaluation

SIDE_PX, MARGIN_PX = 320, 44


def draw_reliability(calibration: CalibrationFigures, title: str) -> str:
    """Return an SVG: share fractured over mean probability, a bar a bin's interval, beside the diagonal."""
    whole = SIDE_PX + 2 * MARGIN_PX
    marks = []
    for each in calibration.bins:
        share = each.fractured
        if share.value is None or share.low is None or share.high is None:
            continue
        x = _x(each.mean_p)
        marks.append(f'<path d="M{x} {_y(share.low)}V{_y(share.high)}" stroke="#5b8def"/>')
        marks.append(f'<circle cx="{x}" cy="{_y(share.value)}" r="4" fill="#1f5fd0"/>')
    ticks = "".join(
        f'<text x="{_x(at)}" y="{_y(0) + 16}" text-anchor="middle">{at:.1f}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(at) + 4}" text-anchor="end">{at:.1f}</text>'
        for at in (0.0, 0.5, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" '
        f'font-family="sans-serif" font-size="12" fill="#222" role="img" aria-label="{escape(title)}">'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>'
        f'<rect x="{_x(0)}" y="{_y(1)}" width="{SIDE_PX}" height="{SIDE_PX}" fill="none" stroke="#999"/>'
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4"/>'
        f'{ticks}<text x="{_x(0.5)}" y="{_y(0) + 34}" text-anchor="middle">mean probability of a bin</text>'
        f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">share fractured</text>'
        f'<text x="{_x(0.5)}" y="{_y(1) - 14}" text-anchor="middle">{escape(title)}</text>{"".join(marks)}</svg>\n'
    )


def _x(share: float) -> float:
    return round(MARGIN_PX + share * SIDE_PX, 1)


def _y(share: float) -> float:
    return round(MARGIN_PX + (1 - share) * SIDE_PX, 1)


def name_chart(evaluation: Evaluation) -> str:
    """Return the address of an evaluation's chart, relative to the documents."""
    return f"charts/reliability-{evaluation.checkpoint}-{evaluation.dataset}-{evaluation.split}.svg".replace(" ", "-")
