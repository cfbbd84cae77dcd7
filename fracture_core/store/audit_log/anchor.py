"""Where the log ended when it was last written, kept outside of the database.

The chain alone cannot show that its last entries were cut off: the anchor names one that must be there.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from fracture_core.base import Settings, StoreError, get_settings, write_json

_PATIENCE_S = 5.0


@dataclass(frozen=True)
class Anchor:
    """An entry that the log must hold: its number and its hash; number 0 stands for none yet."""

    number: int
    sha256: str


def parse_audit_anchor(text: str) -> Anchor:
    """Return an anchor from ``NUMBER:SHA256``, as ``audit-log verify`` prints it.

    Raises:
        StoreError: it is not written so.
    """
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip().lower(), re.ASCII)
    if match is None:
        raise StoreError(
            f"'{text[:100]}' names no entry of the log.", "Write NUMBER:SHA256, as 'audit-log verify' prints it."
        )
    return Anchor(int(match[1]), match[2])


def find_anchor_path(log_id: str, settings: Settings | None = None) -> Path:
    """Return the file of a log's anchor; it need not be there."""
    return (settings or get_settings()).state_dir / "audit-log" / f"{log_id}.json"


def read_anchor(log_id: str, settings: Settings | None = None) -> Anchor | None:
    """Return the anchor; None where none was written on this machine.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        values = json.loads(find_anchor_path(log_id, settings).read_text("utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(values, dict) or not isinstance(values.get("number"), int) or "sha256" not in values:
        raise ValueError("no number and hash")
    return Anchor(values["number"], str(values["sha256"]))


def write_anchor(log_id: str, anchor: Anchor, settings: Settings | None = None) -> None:
    """Keep the end of the log, unless a later one is kept already; a damaged file is left for ``verify`` to name.

    Raises:
        OSError: the disk refuses.
    """
    path = find_anchor_path(log_id, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), timeout=_PATIENCE_S):
        try:
            present = read_anchor(log_id, settings)
        except ValueError:
            return
        if present is None or present.number < anchor.number:
            write_json(path, {"number": anchor.number, "sha256": anchor.sha256})
