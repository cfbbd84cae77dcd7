"""The coded names that the report uses where no standard code says the same.

Apart: Secondary Capture and Structured Report speak with the same codes.
"""

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from fracture_core.doors.report.statement import Agreement
from fracture_core.store import Call

SCHEME = "99FRACTURE"

CALL = Code("CALL", SCHEME, "Model's call: is a fracture suspected")
P_FRACTURE = Code("P_FRACTURE", SCHEME, "Model's calibrated probability of a fracture")
NEGATIVE_BELOW = Code("NEGATIVE_BELOW", SCHEME, "Operating point: call negative below")
POSITIVE_FROM = Code("POSITIVE_FROM", SCHEME, "Operating point: call positive from")
CALIBRATION_SCALE = Code("CAL_SCALE", SCHEME, "Calibration: scale of the margin")
CALIBRATION_OFFSET = Code("CAL_OFFSET", SCHEME, "Calibration: offset of the margin")
MEANING = Code("MEANING", SCHEME, "What the call means")
LIMITS = Code("LIMITS", SCHEME, "Limits of the model")
NOTICE = Code("NOTICE", SCHEME, "Notice about the picture")
ANSWER = Code("ANSWER", SCHEME, "Reader's answer to the model's call")
ANSWERS: dict[Agreement, Code] = {
    "agree": Code("AGREE", SCHEME, "Agrees with the call"),
    "disagree": Code("DISAGREE", SCHEME, "Does not agree with the call"),
}
CALLS: dict[Call, Code] = {
    "positive": codes.SCT.Positive,
    "uncertain": codes.SCT.Indeterminate,
    "negative": codes.SCT.Negative,
}


def identify_scheme() -> CodingSchemeIdentificationItem:
    """Return the item that says whose codes ``99FRACTURE`` are (PS3.3 C.12.1.1)."""
    return CodingSchemeIdentificationItem(
        SCHEME, name="Calls, operating points and answers of fracture_core", responsible_organization="fracture_core"
    )
