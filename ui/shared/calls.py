"""The three-way call in the words and tones of the pages, and the line that places a probability.

Apart: every page words and colours a call alike.
"""

from fracture_core.networks import OperatingPoints
from fracture_core.store import Call

WORDS: dict[Call, str] = {
    "positive": "Fracture suspected",
    "uncertain": "Uncertain – look closely",
    "negative": "No fracture suspected",
}
TONES: dict[Call, str] = {"positive": "alert", "uncertain": "unsure", "negative": "clear"}
_LABEL_FITS_UNTIL = 60  # percent: further right, the label hangs to the left of its mark


def build_probability_line(
    p_fracture: float, points: OperatingPoints, call: Call, *, balanced: float | None = None
) -> str:
    """Return HTML of a bar from 0 to 1 that is filled to ``p_fracture`` and marks the uncertain zone.

    Where both ends of the zone are at one threshold, that threshold alone is marked.

    Args:
        balanced: the balanced operating point, marked too where it is given.
    """
    low, high = points.high_sensitivity.threshold, points.high_specificity.threshold
    words = f"operating point {low:.2f}" if low == high else f"uncertain from {low:.2f} to {high:.2f}"
    words += f", balanced at {balanced:.2f}" if balanced is not None and low != high else ""
    thresholds = {low, high} if balanced is None else {low, balanced, high}
    marks = "".join(f'<div class="fx-line-point" style="left:{100 * at:.1f}%"></div>' for at in sorted(thresholds))
    side = f"left:{100 * low:.1f}%" if 100 * low < _LABEL_FITS_UNTIL else f"right:{100 - 100 * high:.1f}%"
    return (
        f'<div class="fx-line" role="img" aria-label="Probability {p_fracture:.2f} of 1, {words}">'
        f'<div class="fx-line-track">'
        f'<div class="fx-line-fill fx-fill-{TONES[call]}" style="width:{100 * p_fracture:.1f}%">'
        f'</div></div><div class="fx-line-zone" style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></div>'
        f'{marks}<div class="fx-line-label" style="{side}">{words}</div></div>'
    )
