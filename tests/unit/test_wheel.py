"""A wheel is built, put into an environment of its own, and used from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import fracture_core
from fracture_core.base.settings import PROJECT_DIR
from tests.tiny_world import encode_phantom

pytestmark = pytest.mark.slow

SHIPPED_CHECKPOINTS = {"efficientnet-lite0", "inception"}


def run(*command: object, folder: Path, **environment: str) -> str:
    """Return what a command prints, as a user would start it: without this checkout on any path."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRACTURE_", "PYTHON"))}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=inherited | environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with the wheel; what it needs is borrowed from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, PROJECT_DIR, folder=folder)
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "environment", folder=folder)
    paths = {"base": str(folder / "environment"), "platbase": str(folder / "environment")}
    borrowed = Path(sysconfig.get_path("purelib", "venv", paths)) / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    commands = Path(sysconfig.get_path("scripts", "venv", paths))
    run(commands / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel, folder=folder)
    return commands


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def test_wheel_holds_all_that_is_committed(installed: Path, empty: Path) -> None:
    where = run(installed / "python", "-c", "import fracture_core; print(fracture_core.__file__)", folder=empty)
    library = Path(where.strip()).parent
    assert PROJECT_DIR not in library.parents
    listed = run("git", "ls-files", "fracture_core", "ui", "pages", "checkpoints", folder=PROJECT_DIR).splitlines()
    expected = {name for name in listed if "/frontend/" not in name} | {"streamlit_app.py", ".streamlit/config.toml"}
    outside = {name: library / "shipped" / name for name in expected if not name.startswith("fracture_core/")}
    inside = {name: library.parent / name for name in expected if name.startswith("fracture_core/")}
    assert [name for name, path in (outside | inside).items() if not path.is_file()] == []


def test_what_it_needs_is_there(installed: Path, empty: Path) -> None:
    run(installed / "python", "-m", "pip", "check", folder=empty)


def test_help_and_version(installed: Path, empty: Path) -> None:
    assert run(installed / "fracture", "--version", folder=empty).strip() == fracture_core.__version__
    assert "usage: fracture " in run(installed / "fracture", "--help", folder=empty)
    assert "--server.port" in run(installed / "fracture", "app", "--help", folder=empty)


def test_predict_from_an_empty_folder(installed: Path, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "phantom.png").write_bytes(encode_phantom())
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": "", "LOCALAPPDATA": str(tmp_path / "home")}
    told = json.loads(run(installed / "fracture", "predict", tmp_path / "phantom.png", "--json", folder=empty, **home))
    assert told["model"] == "efficientnet-lite0" and 0 <= told["p_fracture"] <= 1
    assert not list(empty.iterdir())  # the history is the user's own, not the folder's
    assert len(list((tmp_path / "home").rglob("fracture.db"))) == 1
    listed = run(installed / "fracture", "checkpoints", "--json", folder=empty, **home).splitlines()
    assert {json.loads(line)["name"] for line in listed} == SHIPPED_CHECKPOINTS


def test_background_finds_an_installed_library(installed: Path, empty: Path, tmp_path: Path) -> None:
    code = (
        "import subprocess, sys; from fracture_core.base import build_child_environment; "
        "print(subprocess.check_output([sys.executable, '-m', 'fracture_core', '--version'], "
        "env=build_child_environment(), cwd='/', text=True))"
    )
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": ""}
    assert run(installed / "python", "-c", code, folder=empty, **home).strip() == fracture_core.__version__
