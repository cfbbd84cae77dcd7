"""What a person says to a call: checked before it goes into a report that others read."""

from dataclasses import dataclass
from typing import Literal

from fracture_core.base import ReportError

Agreement = Literal["", "agree", "disagree"]
AGREEMENT_WORDS: dict[Agreement, str] = {"agree": "Agrees with the call.", "disagree": "Does not agree with the call."}
_NAME_LENGTH = 64  # of a component group of value representation PN (PS3.5 sec. 6.2)
_NOTE_LENGTH = 4_000
_RESERVED = "\\^="  # they part the components of a DICOM person's name


@dataclass(frozen=True)
class Statement:
    """What a reader says.

    Attributes:
        reader: the name as given.
        agreement: "agree", "disagree", or "" where nothing was said to it.
        note: free text; may hold several lines.

    Raises:
        ReportError: no name, nothing said, too long, or characters that cannot be written.
    """

    reader: str
    agreement: Agreement = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", " ".join(self.reader.split()))
        object.__setattr__(self, "note", self.note.strip())
        if not self.reader:
            raise ReportError("The statement has no name.", "Give the name of the person who makes it.")
        if not (self.agreement or self.note):
            raise ReportError("The statement says nothing.", "Agree, disagree, or write a note; or leave out the name.")
        if self.agreement not in ("", *AGREEMENT_WORDS):
            raise ReportError("The statement neither agrees nor disagrees.", "Say agree or disagree, or leave it out.")
        if len(self.reader) > _NAME_LENGTH or len(self.note) > _NOTE_LENGTH:
            raise ReportError(
                "The statement is too long.",
                f"Use {_NAME_LENGTH} letters for the name and {_NOTE_LENGTH:,} for the note.",
            )
        if any(letter in _RESERVED for letter in self.reader) or not self.reader.isprintable():
            raise ReportError("The name holds a character that cannot be written.", "Use letters, spaces and hyphens.")
        if not self.note.replace("\n", "").replace("\t", "").replace("\r", "").isprintable():
            raise ReportError(
                "The note holds a character that cannot be written.", "Remove it, or type the note again."
            )

    @property
    def words(self) -> str:
        """Return everything said but the name."""
        return "\n".join(part for part in (AGREEMENT_WORDS.get(self.agreement, ""), self.note) if part)
