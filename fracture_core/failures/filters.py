"""Which files of an evaluation are wanted, and in which order: the same on the page, in its address and in a command.

A field is an address parameter of the same name. Lists are joined by commas; a comma in a value is written %2C.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, Self, get_args
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from fracture_core.base import FailureFilterError
from fracture_core.datasets import LABELS
from fracture_core.networks import CALLS
from fracture_core.store import Call

Show = Literal["wrong", "uncertain", "all"]
FailureKind = Literal["missed fracture", "false alarm", "uncertain", "correct"]
Hardware = Literal["visible", "none", "not known"]
FailureChange = Literal["fixed", "new", "still wrong"]
Order = Literal["wrongness", "loss", "distance", "label error", "name"]
NOT_KNOWN = "not known"
SIZES = ("under 512 px", "512 to 1,023 px", "1,024 px and more", NOT_KNOWN)  # of the longer side
YES_NO = {True: "yes", False: "no"}
KNOWN_WORDS: dict[str, tuple[str, ...]] = {
    "show": get_args(Show),
    "kinds": get_args(FailureKind),
    "hardware": get_args(Hardware),
    "sizes": SIZES,
    "changes": get_args(FailureChange),
    "reviewed": tuple(YES_NO.values()),
    "label_doubted": tuple(YES_NO.values()),
    "calls": CALLS,
    "labels": LABELS,
    "order": get_args(Order),
}
_LISTS = ("kinds", "regions", "views", "hardware", "sizes", "changes", "tags", "calls", "labels")


class FailureFilters(BaseModel):
    """What is asked for; a restriction that is empty or None restricts nothing.

    Attributes:
        show: wrong at the balanced operating point, called uncertain, or everything.
        kinds: a file called uncertain is also missed, a false alarm or correct, and is found by either.
        regions, views, hardware, sizes: "not known" finds what the data set does not tell.
        changes: against another checkpoint. Fixed files are right now; asking for them shows them
            also where ``show`` is "wrong".
        family: one radiograph and its copies, by ``Prediction.radiograph``.
        p_from, p_to: range of the probability, both ends included.
        label_doubted: whether a reviewer proposed another label.
        search: part of the file name, in any case.
        order: "wrongness": wrong calls first, the most confident first; "loss": the largest first;
            "distance": the nearest to the balanced operating point first; "label error": the
            likeliest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    show: Show = "wrong"
    kinds: tuple[FailureKind, ...] = ()
    regions: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    hardware: tuple[Hardware, ...] = ()
    sizes: tuple[str, ...] = ()
    changes: tuple[FailureChange, ...] = ()
    tags: tuple[str, ...] = ()
    family: str = ""
    p_from: float = Field(0.0, ge=0, le=1)
    p_to: float = Field(1.0, ge=0, le=1)
    reviewed: bool | None = None
    label_doubted: bool | None = None
    calls: tuple[Call, ...] = ()
    labels: tuple[Literal[0, 1], ...] = ()
    search: str = ""
    order: Order = "wrongness"

    @field_validator(*_LISTS)
    @classmethod
    def _drop_repeated(cls, values: tuple[str | int, ...]) -> tuple[str | int, ...]:
        return tuple(value for value in dict.fromkeys(values) if value != "")

    @field_validator("sizes")
    @classmethod
    def _check_sizes(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if not set(values) <= set(SIZES):
            raise ValueError("not a class of size")
        return values

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.p_from > self.p_to:
            raise ValueError("the range of probabilities ends before it begins")
        return self

    def list_words(self, field: str) -> tuple[str, ...]:
        """Return the words that a field is restricted to, as they stand in the address; none: not restricted."""
        value = getattr(self, field)
        if value is None or value == "":
            return ()
        values = value if isinstance(value, tuple) else (value,)
        if field == "labels":
            return tuple(LABELS[label] for label in values)
        return tuple(YES_NO[value] if isinstance(value, bool) else str(value) for value in values)

    def to_params(self) -> dict[str, str]:
        """Return the address parameters of what differs from the default."""
        differing = [name for name, field in type(self).model_fields.items() if getattr(self, name) != field.default]
        return {
            name: join_words(self.list_words(name)) if name in _LISTS else self.list_words(name)[0]
            for name in differing
        }

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the filters of address parameters; parameters that are no filter are left alone.

        Raises:
            FailureFilterError: names the parameter and what it may be.
        """
        values: dict[str, object] = {}
        for name in cls.model_fields.keys() & params.keys():
            text = params[name]
            if name in _LISTS:
                values[name] = tuple(_read_word(name, word) for word in split_words(text))
            elif text or name in ("family", "search"):
                values[name] = _read_word(name, text)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            where = error.errors()[0]["loc"]
            raise _refuse(str(where[0]) if where else "p_to", params) from None


def join_words(words: Iterable[str]) -> str:
    """Return several values of one parameter as its text."""
    return ",".join(word.replace("%", "%25").replace(",", "%2C") for word in words)


def split_words(text: str) -> list[str]:
    """Return the values that ``join_words`` made a text of."""
    return [unquote(word) for word in text.split(",") if word]


def _read_word(name: str, word: str) -> object:
    """Return the value of a word; one that is not known stays as it is, and is refused by the model."""
    if name == "labels":
        return LABELS.index(word) if word in LABELS else word
    if name in ("reviewed", "label_doubted"):
        return {text: value for value, text in YES_NO.items()}.get(word, f"{word} is neither")
    return word


def _refuse(name: str, params: Mapping[str, str]) -> FailureFilterError:
    words = KNOWN_WORDS.get(name)
    remedy = (
        f"It may be: {', '.join(words)}." if words else "It may be: a probability from 0 to 1, p_from not above p_to."
    )
    return FailureFilterError(f"The filter '{name}' cannot be '{params.get(name, '')}'.", remedy)
