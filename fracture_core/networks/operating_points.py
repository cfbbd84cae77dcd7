"""From a probability to a call: positive, uncertain or negative. Nothing else decides a call."""

from typing import Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fracture_core.store import Call

CALLS: tuple[Call, ...] = get_args(Call)


class OperatingPoint(BaseModel):
    """The probability from which a radiograph is called fractured, and how it was chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: float = Field(0.5, ge=0.0, le=1.0)
    rule: str = "fixed"


class OperatingPoints(BaseModel):
    """The two ends of the uncertain zone; where they coincide, nothing is uncertain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    high_sensitivity: OperatingPoint
    high_specificity: OperatingPoint

    @model_validator(mode="after")
    def _stand_in_order(self) -> Self:
        if self.high_sensitivity.threshold > self.high_specificity.threshold:
            raise ValueError("the high-sensitivity threshold lies above the high-specificity one")
        return self


def decide_call(p_fracture: float, points: OperatingPoints) -> Call:
    """Return the call of a calibrated probability in [0, 1].

    Below the high-sensitivity point nearly no fracture is missed: negative. From
    the high-specificity point on nearly no alarm is false: positive. What lies
    between needs a closer look: uncertain.
    """
    if p_fracture >= points.high_specificity.threshold:
        return "positive"
    return "negative" if p_fracture < points.high_sensitivity.threshold else "uncertain"
