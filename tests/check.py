"""All checks in one command: ``python -m tests.check``; CI runs the same.

Format, lint and types first, which take a minute; then the tests, which ``--fast`` leaves out. All run, also after one
has failed, so that one look tells everything.
"""

import argparse
import subprocess
import sys
import time

from fracture_core.base import PROJECT_DIR

_CHECKS = {
    "format": ["ruff", "format", "--check"],
    "lint": ["ruff", "check"],
    "types": ["mypy"],  # pyproject.toml says of what
}
_TESTS = {"tests": ["pytest"]}


def main(arguments: list[str] | None = None) -> int:
    """Run the checks; return 0 where all hold, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.check", description="Format, lint, types and tests.")
    parser.add_argument("--fast", action="store_true", help="without the tests")
    chosen = parser.parse_args(arguments)
    failed = [
        name for name, command in (_CHECKS | ({} if chosen.fast else _TESTS)).items() if not _holds(name, command)
    ]
    print(f"failed: {', '.join(failed)}" if failed else "all hold")
    return int(bool(failed))


def _holds(name: str, command: list[str]) -> bool:
    print(f"+ {name}: {' '.join(command)}", flush=True)
    begin = time.monotonic()
    status = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT_DIR, check=False).returncode
    print(f"  {'well' if status == 0 else 'FAILED'} after {time.monotonic() - begin:.0f} s", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main())
