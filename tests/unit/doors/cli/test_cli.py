"""The command line: what it prints, and the status it exits with."""

import json
import subprocess
import sys

import pytest

from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.doors.cli import COMMANDS, main


def read_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_error_is_one_line_without_a_traceback(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "x.png", "--model", "nothing"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: There is no checkpoint called 'nothing'") and "Traceback" not in err


def test_unexpected_error_gives_an_id(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fracture_core.doors.cli.checkpoints.run", fail)
    assert main(["checkpoints"]) == 1
    assert "(id " in capsys.readouterr().err


def test_every_command_is_in_the_documents() -> None:
    documents = [PROJECT_DIR / "README.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))]
    text = "".join(path.read_text(encoding="utf-8") for path in documents)
    for command in COMMANDS:
        assert f"python -m fracture_core {command}" in text, command


def list_imported(*arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported when a command line has ended."""
    code = (
        "import sys\nfrom fracture_core.doors import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


HEAVY = {"torch", "numpy", "pandas", "pydantic", "sqlalchemy", "PIL", "streamlit", "pydicom", "starlette", "lightning"}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("predict", "--help"), ("worklist", "--help")])
def test_help_imports_next_to_nothing(arguments: tuple[str, ...]) -> None:
    imported = list_imported(*arguments)
    assert imported & HEAVY == set()
    own = {name for name in imported if name.startswith("fracture_core")}
    assert len(imported) < 130 and len(own) <= 12, sorted(own)


def test_only_the_chosen_command_is_imported() -> None:
    imported = {name.rpartition(".")[2] for name in list_imported("history", "--help") if ".cli." in name}
    assert "history" in imported and imported & {"predict", "train", "failures", "pacs", "report"} == set()
