"""Which judged readings are asked for; the page's address and the command line take the same words."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal, Self, get_args

from fracture_core.base import FeedbackError
from fracture_core.datasets import LABELS
from fracture_core.networks import CALLS

Kind = Literal["all", "model", "readers"]
_LONGEST = 200  # characters of a text
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class FeedbackFilters:
    """What judged readings have to be; None and empty texts leave the choice open.

    Attributes:
        kind: "all"; "model": a reader's last word is against the call; "readers": two readers' last words differ.
        call: of the model.
        label: the consensus, "fractured", "not fractured" or "disputed".
        region: as the readers, or else the reading, name it; "not known" where nobody does.
        model: its name.
        who: a person who judged it.
        start, end: first and last day of the reading, in UTC.
    """

    kind: Kind = "all"
    call: str = ""
    label: str = ""
    region: str = ""
    model: str = ""
    model_sha256: str = ""
    who: str = ""
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        for name in ("region", "model", "model_sha256", "who"):
            if not getattr(self, name).isprintable() or len(getattr(self, name)) > _LONGEST:
                raise FeedbackError(f"That {name} cannot be asked for.", f"Write up to {_LONGEST} letters.")
        for name, known in (("kind", KINDS), ("call", ("", *CALLS)), ("label", ("", *LABELS, "disputed"))):
            if getattr(self, name) not in known:
                raise FeedbackError(
                    f"'{getattr(self, name)}' is no {name} that can be asked for.",
                    f"Use one of: {', '.join(word for word in known if word)}.",
                )

    @classmethod
    def from_params(cls, params: dict[str, str]) -> Self:
        """Return the filters that texts spell; what is not theirs is passed over.

        Raises:
            FeedbackError: a text that cannot be.
        """
        names = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: text for name, text in params.items() if name in names and text}
        for name in {"start", "end"} & set(values):
            try:
                values[name] = date.fromisoformat(values[name])
            except ValueError as error:
                raise FeedbackError(f"'{values[name]}' is no day.", "Write it as 2026-05-31.") from error
        return cls(**values)

    def to_params(self) -> dict[str, str]:
        """Return the texts that ``from_params`` reads, without what is left open."""
        default = asdict(type(self)())
        return {name: str(value) for name, value in asdict(self).items() if value != default[name]}
