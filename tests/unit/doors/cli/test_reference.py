"""Every command and option is documented, and every command that a document shows exists."""

import re
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.doors.cli import COMMANDS, main
from fracture_core.doors.cli.reference import build_reference, list_words

DOCUMENTS = [PROJECT_DIR / "README.md", *sorted((PROJECT_DIR / "docs").glob("*.md"))]
KNOWN = dict(list_words())
SHOWN = re.compile(r"(?:python -m fracture_core|(?<![\w/.-])fracture) ([a-z][a-z-]*)([^\n`#)]*)")


def test_the_reference_is_current() -> None:
    kept = (PROJECT_DIR / "docs" / "commands.md").read_text("utf-8")
    assert kept == build_reference(), "python -m fracture_core results"


def test_the_reference_names_every_command_and_option() -> None:
    text = build_reference()
    for words, options in KNOWN.items():
        assert f"`fracture {' '.join(words)}`" in text
        hidden = {"-h", "--help", "--model"}
        assert not [option for option in options - hidden if f"`{option}" not in text and f", {option}" not in text]
    assert {words[0] for words in KNOWN} == set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_shows_exists(path: Path) -> None:
    for command, rest in SHOWN.findall(path.read_text("utf-8")):
        if f"python -m fracture_core {command}" not in path.read_text("utf-8") and command not in COMMANDS:
            continue  # prose, such as "fracture suspected"
        assert command in COMMANDS, f"{path.name}: {command}"
        words = [command]
        for word in rest.split():
            if (*words, word.strip(",.;")) in KNOWN:
                words.append(word.strip(",.;"))
        options = KNOWN[tuple(words)]
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", rest.split("|")[0].split(";")[0]):
            known = options | {each for inner, of_inner in KNOWN.items() if inner[0] == command for each in of_inner}
            assert option in known or command == "app", f"{path.name}: {command} {option}"


def test_results_writes_the_reference_and_checks_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "commands.md").read_text("utf-8") == build_reference()
    (tmp_path / "commands.md").write_text("old", "utf-8")
    assert main(["results", "--out", str(tmp_path), "--check"]) == 1
    assert "commands.md is not what its files say" in capsys.readouterr().out
