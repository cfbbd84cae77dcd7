"""Which readings are wanted: the same on the page, in its address and in a command. A field is an address parameter."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from fracture_core.base import HistoryError
from fracture_core.networks import CALLS
from fracture_core.reading.history.records import SOURCES
from fracture_core.store import Call, Door

Refused = Literal["", "yes", "overridden", "no"]
NOT_KNOWN = "not known"  # finds what is empty, such as readings by nobody that is known
KNOWN_WORDS: dict[str, tuple[str, ...]] = {
    "source": SOURCES,
    "call": CALLS,
    "refused": tuple(word for word in get_args(Refused) if word),
}
_FORMS = {
    "sha256": "the 64 hexadecimal digits of a file's SHA-256",
    "from_day": "a day such as 2026-11-23, not after to_day",
    "to_day": "a day such as 2026-11-23, not before from_day",
}
_SHA256 = re.compile(r"[0-9a-f]{64}")
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]


class HistoryFilters(BaseModel):
    """What is asked for; a restriction that is empty or None restricts nothing.

    Attributes:
        search: the first 8 or more digits of a reading's id or of a file's SHA-256, or part of a person's name.
        who, region: "not known" finds what is not known.
        source: the door by which the radiograph came.
        call: of the model, also where the picture was refused.
        by_model: name of the checkpoint that read it.
        refused: "yes": as unsuitable, and not read since; "overridden": read all the same; "no": not refused.
        from_day, to_day: in UTC, both included.
        sha256: of the file.
        worklist: id of the worklist that the reading is of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    search: Text = ""
    who: Text = ""
    source: Door | Literal[""] = ""
    region: Text = ""
    call: Call | Literal[""] = ""
    by_model: Text = ""
    refused: Refused = ""
    from_day: Day | None = None
    to_day: Day | None = None
    sha256: str = ""
    worklist: Text = ""

    @field_validator("search", "who", "region", "by_model", "worklist")
    @classmethod
    def _check_text(cls, text: str) -> str:
        if "\0" in text or text.encode("utf-8", "replace").decode("utf-8") != text:
            raise ValueError("characters that are no text")
        return text

    @field_validator("sha256")
    @classmethod
    def _check_sha256(cls, text: str) -> str:
        text = text.strip().lower()
        if text and not _SHA256.fullmatch(text):
            raise ValueError("not a SHA-256")
        return text

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        if self.from_day and self.to_day and self.from_day > self.to_day:
            raise ValueError("the days end before they begin")
        return self

    @property
    def is_empty(self) -> bool:
        return self == type(self)()

    def to_params(self) -> dict[str, str]:
        """Return the address parameters of what is restricted."""
        values = self.model_dump(mode="json")
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the filters of address parameters; parameters that are no filter are left alone.

        Raises:
            HistoryError: names the parameter and what it may be.
        """
        values: dict[str, object] = {}
        for name in cls.model_fields.keys() & params.keys():
            text = params[name].strip()
            if text:
                values[name] = _read_day(name, text) if name in ("from_day", "to_day") else text
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            where = error.errors()[0]["loc"]
            raise _refuse(str(where[0]) if where else "to_day", params) from None


def _read_day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _refuse(name, {name: text}) from None


def _refuse(name: str, params: Mapping[str, str]) -> HistoryError:
    words = KNOWN_WORDS.get(name)
    remedy = ", ".join(words) if words else _FORMS.get(name, "a text of at most 120 letters")
    shown = params.get(name, "").encode("utf-8", "replace").decode("utf-8")[:120]
    return HistoryError(f"The filter '{name}' cannot be '{shown}'.", f"It may be: {remedy}.")
