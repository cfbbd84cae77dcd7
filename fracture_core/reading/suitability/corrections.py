"""Putting right what the suitability check proposes: inverted, too dark, too bright.

Apart: the act corrects, no check does.
"""

from dataclasses import replace

import numpy as np

from fracture_core.radiographs import Radiograph
from fracture_core.reading.suitability.findings import Correction


def correct_radiograph(radiograph: Radiograph, correction: Correction) -> Radiograph:
    """Return the radiograph corrected, with a warning that says so; as it is for "".

    What is kept for a screen's own window (``full_depth``) goes, for it would still show the picture uncorrected.

    Args:
        correction: "invert"; "brighten" stretches the brightness to the full range; "darken" bends it (gamma 2).
    """
    if not correction:
        return radiograph
    pixels, words = radiograph.pixels, "Its brightness was bent down before it was read."
    if correction == "invert":
        changed, words = 1.0 - pixels, "It was inverted before it was read."
    elif correction == "brighten":
        low, high = np.percentile(pixels[:: max(1, len(pixels) // 500)], (0.5, 99.5))
        changed, words = (
            (pixels - low) / max(float(high - low), 1e-6),
            "Its brightness was stretched before it was read.",
        )
    else:
        changed = pixels**2
    return replace(
        radiograph,
        pixels=np.clip(changed, 0.0, 1.0).astype(np.float32),
        full_depth=None,
        warnings=(*radiograph.warnings, words),
    )
