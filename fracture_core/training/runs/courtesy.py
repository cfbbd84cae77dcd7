"""A training in the background leaves the machine to whoever reads a radiograph meanwhile.

Apart: only work in the background yields; torch is not needed to say so.
"""

import os
from pathlib import Path

from fracture_core.base import get_settings

_NICENESS = 10
_AUTOGROUP = Path("/proc/self/autogroup")


def yield_to_others() -> None:
    """Give this process and its threads a low priority."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        # Linux weighs whole sessions against each other, so that niceness inside a session of its own counts nothing.
        _AUTOGROUP.write_text(str(_NICENESS))
    except OSError:  # not Linux, or without such groups
        return


def count_background_threads() -> int:
    """Return how many threads a training in the background may use."""
    return get_settings().training_threads or max(1, (os.cpu_count() or 1) - 1)
