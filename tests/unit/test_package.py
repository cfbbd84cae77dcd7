"""What pip is told: requirements in one place and the other, one version, and what the command starts."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

import fracture_core
from fracture_core.base.errors import CheckpointExistsError
from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.doors.api.openapi import build_document
from fracture_core.doors.cli import main
from fracture_core.doors.report.texts import __version__ as report_version
from fracture_core.networks.checkpoints import find_checkpoint, install_checkpoint, list_checkpoints
from fracture_core.networks.manifest import Manifest
from tests.tiny_world import make_checkpoint

PYPROJECT = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
README_COMMANDS = (
    "pip install -r requirements.txt && streamlit run streamlit_app.py",
    "pip install -r requirements-dev.txt && pytest",
)


def read_requirements(name: str) -> list[str]:
    """Return the lines of a requirements file and of those that it includes, but for those of the app itself."""
    found = []
    for line in (PROJECT_DIR / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found += read_requirements(line[3:]) if line != "-r requirements.txt" else []
        elif line and not line.startswith("#"):
            found.append(line)
    return found


def test_requirements_are_the_package_s() -> None:
    assert read_requirements("requirements.txt") == PROJECT["dependencies"]


def test_extras_are_the_requirements_files() -> None:
    files = {path.stem.removeprefix("requirements-"): path.name for path in PROJECT_DIR.glob("requirements-*.txt")}
    assert {extra: read_requirements(name) for extra, name in files.items()} == PROJECT["optional-dependencies"]


def test_everything_is_pinned() -> None:
    every = [*PROJECT["dependencies"], *chain.from_iterable(PROJECT["optional-dependencies"].values())]
    assert [line for line in every if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)] == []
    assert set(PYPROJECT["build-system"]["requires"]) <= set(every)


def test_the_readme_s_two_commands_stand() -> None:
    lines = (PROJECT_DIR / "README.md").read_text(encoding="utf-8").splitlines()
    assert all(command in lines for command in README_COMMANDS)


def test_version_comes_from_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    version = fracture_core.__version__
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "fracture_core/__init__.py" and "version" not in PROJECT
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == version
    assert build_document()["info"]["version"] == version
    assert report_version is version
    assert Manifest.model_fields["code_version"].default == version
    assert f"\nversion: {version}\n" in (PROJECT_DIR / "CITATION.cff").read_text(encoding="utf-8")
    written = [path for path in PROJECT_DIR.glob("fracture_core/**/*.py") if f'"{version}"' in path.read_text()]
    assert written == [PROJECT_DIR / "fracture_core" / "__init__.py"]


def test_a_checkout_keeps_its_folders() -> None:
    fields = Settings.model_fields
    folders = {name: fields[name].default for name in ("checkpoints_dir", "state_dir", "data_dir")}
    root = Path(__file__).resolve().parents[2]
    assert folders == {"checkpoints_dir": root / "checkpoints", "state_dir": root / "var", "data_dir": root / "data"}


def test_ci_runs_what_developers_run() -> None:
    script = (PROJECT_DIR / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert any(f"grep -m1 -x '{README_COMMANDS[1]}' README.md" in line for line in script)
    assert "python -m tests.check --fast" in script and script[-1] == "pytest -m slow -n 0"


def test_an_installed_package_reads_its_own_checkpoints_and_writes_none(
    own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = make_checkpoint(tmp_path / "package" / "checkpoints" / "default")
    monkeypatch.setattr("fracture_core.networks.checkpoints.IS_INSTALLED", True)
    monkeypatch.setattr("fracture_core.networks.checkpoints.PROJECT_DIR", tmp_path / "package")
    assert find_checkpoint().directory == shipped.directory
    with pytest.raises(CheckpointExistsError):
        install_checkpoint(shipped, "default")
    assert install_checkpoint(shipped, "mine").directory == own_settings.checkpoints_dir / "mine"
    assert [checkpoint.name for checkpoint in list_checkpoints()] == ["default", "mine"]
