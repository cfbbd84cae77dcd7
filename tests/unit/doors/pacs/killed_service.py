"""``python -m tests.unit.doors.pacs.killed_service MODULE FUNCTION before|after``: the service, killed by itself there.

SIGKILL leaves no line for anything else to run, wherever it comes; this one comes at the worst places.
"""

import os
import signal
import sys
from importlib import import_module
from typing import Any

from fracture_core.doors.cli import main


def arm(module_name: str, function: str, when: str) -> None:
    """Let the process die before or after the first call of a function."""
    module = import_module(module_name)
    original = getattr(module, function)

    def die(*arguments: Any, **options: Any) -> None:
        if when == "after":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, function, die)


if __name__ == "__main__":
    arm(*sys.argv[1:4])
    sys.exit(main(["pacs", "serve"]))
