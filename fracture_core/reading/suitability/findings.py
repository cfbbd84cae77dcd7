"""What the suitability check found: named findings, and the word of a person who goes on all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from fracture_core.base import SuitabilityError

Severity = Literal["ok", "look", "refused"]
Correction = Literal["", "invert", "brighten", "darken"]
SHORTEST_REASON = 3


@dataclass(frozen=True)
class Finding:
    """One check's result.

    Attributes:
        kind: what was looked at or found, such as "not a radiograph", "too small" or "inverted".
        severity: "ok"; "look": read it, but look first; "refused": the model is not asked.
        words: what is seen, in a sentence.
        advice: what to do, in a sentence; empty where nothing is to be done.
        value: what was measured, in ``unit``; None where nothing was.
        limit: the value from which the finding stands.
        correction: what may put it right, see `corrections.correct`; "" where nothing does.
    """

    kind: str
    severity: Severity
    words: str
    advice: str = ""
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    correction: Correction = ""


@dataclass(frozen=True)
class Suitability:
    """All findings of one picture, the gravest first.

    Attributes:
        findings: one a check, those that are well among them.
        is_compared: it was also compared with what the model was trained on.
    """

    findings: tuple[Finding, ...]
    is_compared: bool = False

    @property
    def is_refused(self) -> bool:
        return any(finding.severity == "refused" for finding in self.findings)

    @property
    def concerns(self) -> tuple[Finding, ...]:
        """Return what is not well."""
        return tuple(finding for finding in self.findings if finding.severity != "ok")

    def list_words(self, severity: Severity) -> tuple[str, ...]:
        """Return what is seen and what to do, a text a finding of that severity."""
        found = [finding for finding in self.findings if finding.severity == severity]
        return tuple(f"{finding.words} {finding.advice}".strip() for finding in found)

    @property
    def correction(self) -> Correction:
        """Return the first correction that is proposed."""
        return next((finding.correction for finding in self.concerns if finding.correction), "")


@dataclass(frozen=True)
class Override:
    """A person's decision to read a picture that was refused; kept with the reading.

    Attributes:
        by: who; may be empty where the app knows no users.
        why: the reason in the person's words.
        kinds: of the findings that were overridden.
        at: when, UTC.
    """

    by: str
    why: str
    kinds: tuple[str, ...]
    at: datetime


def decide_override(suitability: Suitability, *, by: str, why: str) -> Override:
    """Return the decision to read it all the same.

    Raises:
        SuitabilityError: no reason is given.
    """
    check_reason(why)
    kinds = tuple(finding.kind for finding in suitability.findings if finding.severity == "refused")
    return Override(by.strip(), why.strip(), kinds, datetime.now(UTC))


def check_reason(why: str) -> None:
    """Raise SuitabilityError where a reason says nothing."""
    if len(why.strip()) < SHORTEST_REASON:
        raise SuitabilityError("A picture that was refused is read only with a reason.", "Write why it is to be read.")


def word_override(reasons: Sequence[str], who: str, why: str) -> str:
    """Return the sentence that goes with an overridden reading, wherever it is shown or written."""
    return f"Refused at first: {' '.join(reasons)} Read all the same by {who}: {why}"
