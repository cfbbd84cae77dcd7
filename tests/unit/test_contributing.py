"""What CONTRIBUTING.md shows works: its blocks are put into a copy of the repository, and run there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR
from tests.tiny_world import encode_phantom, make_checkpoint

TEXT = (PROJECT_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
GUIDES = {
    title: re.findall(r"```(\w+)\n(.*?)```", body, re.DOTALL)
    for title, body in re.findall(r"^## Add an? (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
}
COPIED = ("fracture_core", "ui", "pages", "docs", "tests", "streamlit_app.py", "pytest.ini")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with all four guides followed, a tiny checkpoint in use, and a drawn wrist."""
    folder = tmp_path_factory.mktemp("contributing")
    for name in COPIED:
        source = PROJECT_DIR / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "frontend", "figures"))
        else:
            shutil.copy(source, folder / name)
    for blocks in GUIDES.values():
        for language, block in blocks:
            if language == "python":
                write_file(folder, block)
            elif language == "diff":
                change_files(folder, block)
    make_checkpoint(folder / "checkpoints" / "efficientnet-lite0")
    (folder / "wrist.png").write_bytes(encode_phantom())
    return folder


def write_file(folder: Path, block: str) -> None:
    """Write a block whose first line names its file."""
    name, text = block.split("\n", 1)
    path = folder / name.removeprefix("# ")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change_files(folder: Path, block: str) -> None:
    """Make the changes of a block; each must fit at one place."""
    for part in re.split(r"^\+\+\+ ", block, flags=re.MULTILINE)[1:]:
        name, changes = part.split("\n", 1)
        path = folder / name
        for change in re.split(r"^@@\n", changes, flags=re.MULTILINE):
            lines = change.splitlines()
            before = "".join(f"{line[1:]}\n" for line in lines if line[:1] in " -")
            after = "".join(f"{line[1:]}\n" for line in lines if line[:1] in " +")
            text = path.read_text(encoding="utf-8")
            assert before and text.count(before) == 1, f"{name} has no one place for:\n{change}"
            path.write_text(text.replace(before, after), encoding="utf-8")


def run(command: str, folder: Path) -> str:
    """Return what a command prints in the copy; `python` is this one."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRACTURE_", "PYTHONPATH"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=inherited | {"PATH": path, "FRACTURE_DEVICE": "cpu"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


SAID = {"input format": "NPY", "network": "(by plain ", "page": "RadiographiesNet", "command": '"state_dir": "'}


def test_there_is_a_guide_for_each() -> None:
    assert list(GUIDES) == list(SAID)


@pytest.mark.parametrize("title", SAID)
def test_guide_is_short(title: str) -> None:
    code = "".join(block for language, block in GUIDES[title] if language != "sh")
    assert len([line for line in code.splitlines() if line.strip() and line[:2] not in ("# ", "++", "@@")]) < 30


@pytest.mark.slow
@pytest.mark.parametrize("title", SAID)
def test_guide_works(title: str, copy: Path) -> None:
    (command,) = [block for language, block in GUIDES[title] if language == "sh"]
    assert SAID[title] in run(command, copy)


@pytest.mark.slow
def test_guides_keep_the_rules_of_the_house(copy: Path) -> None:
    chosen = "not links and not readme and not extra and not python_of and (not short_file or plain or numpy or where)"
    chosen += " and not test_of_its_name"  # a guide shows the code; its test is the reader's to write
    run(f"python -m pytest -q -n 0 -p no:cacheprovider tests/unit/test_{{layers,docs}}.py -k '{chosen}'", copy)
