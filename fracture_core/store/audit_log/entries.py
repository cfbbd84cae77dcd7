"""An entry of the audit log, and the hash that chains it to the one before."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from fracture_core.store.words import AuditAction

BEGINNING = "0" * 64  # what the first entry follows


@dataclass(frozen=True)
class AuditEntry:
    """One thing that was done.

    Attributes:
        number: 1 for the first; no number is left out.
        at: UTC, ISO 8601.
        who: the name given, or the system's user; empty where nobody is known.
        action: what was done.
        subject: to what: the id of a reading or run, the name of a model or data set.
        details: more of it, as JSON with sorted keys; nothing of a patient.
        previous_sha256: of the entry before.
        sha256: of all of the above.
    """

    number: int
    at: str
    who: str
    action: AuditAction
    subject: str
    details: str
    previous_sha256: str
    sha256: str

    def compute_sha256(self) -> str:
        """Return the hash that the entry should have."""
        parts = (self.number, self.at, self.who, self.action, self.subject, self.details, self.previous_sha256)
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def word_details(details: dict[str, Any]) -> str:
    """Return details as they are kept and hashed."""
    return json.dumps(details, sort_keys=True, allow_nan=False)
