"""What leaves the app is told in the audit log, when it is downloaded and not before.

Apart: every download goes through it.
"""

from collections.abc import Callable
from io import RawIOBase
from typing import Any, BinaryIO, TextIO

from fracture_core.store import log_action
from ui.shared.person import get_who

Content = str | bytes | TextIO | BinaryIO | RawIOBase


def logged(subject: str, build: Callable[[], Content], **details: Any) -> Callable[[], Content]:
    """Return what a download button calls: the entry of the audit log, then the file.

    Args:
        subject: what is exported, in the log's words; nothing of a patient.
        build: makes or opens the file.
        details: further plain values for the log.
    """
    who = get_who()  # the button's thread knows no session

    def export() -> Content:
        log_action("export", subject, who=who, **details)
        return build()

    return export
