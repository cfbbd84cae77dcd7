"""The words that rows may hold, each set written once, and the column that takes no other.

A word that a later version wrote is read as it stands: one such row must not hide the others of a list.
"""

from typing import Any, Literal, get_args

from sqlalchemy import Dialect, String, TypeDecorator
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from fracture_core.base import StoreError

RunStatus = Literal["queued", "starting", "running", "stopping", "stopped", "failed", "finished"]
Call = Literal["positive", "uncertain", "negative"]  # what a reading says, see ``networks.decide_call``
Door = Literal["page", "command line", "worklist", "API", "PACS"]  # by which a radiograph came
SuitabilityOutcome = Literal["passed", "refused", "overridden"]
ServingAction = Literal["promote", "rollback"]
WorklistSource = Literal["upload", "zip", "folder", "PACS"]
ItemStatus = Literal["waiting", "reading", "done", "failed"]
ReviewEventKind = Literal["tag", "untag", "note", "label", "reviewed"]
# received: to be read. read: its results are to be delivered. refused: the gate refused the picture, nothing is sent.
# failed: it cannot be read, or could not be delivered in time. left out: a result of ours that came back.
PacsObjectStatus = Literal["received", "read", "sent", "refused", "failed", "left out"]
AuditAction = Literal[
    "reading",
    "override",
    "feedback",
    "review",
    "hand-over",
    "hand-back",
    "training",
    "promotion",
    "roll-back",
    "export",
    "deletion",
    "retention",
    "push",
    "settings",
]


class WordColumn(TypeDecorator[Any]):
    """A text of up to ``length`` characters that is one of some words.

    Only what is written is checked. A question may compare with any text, which then is found nowhere.

    Args:
        words: what may be written.
        length: of the column, in characters.

    Raises:
        StoreError: at writing, of a word that is none of these; nothing is written.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: tuple[str, ...], length: int) -> None:
        super().__init__(length)
        self.words, self.length = words, length

    @classmethod
    def of(cls, words: Any, length: int, *, or_empty: bool = False) -> "WordColumn":
        """Return the column of a ``Literal``; ``or_empty`` where a row may hold none of its words."""
        return cls((*get_args(words), *([""] if or_empty else [])), length)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or value in self.words:
            return value if value is None else str(value)
        known = ", ".join(repr(word) for word in self.words)
        raise StoreError(f"The database takes no '{value}' here.", f"It may be one of: {known}.")

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> TypeEngine[Any]:
        return String()
