"""The documents name what there is, all of it and nothing else; their links lead somewhere; their Python runs."""

import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR, Settings
from tests.tiny_world import encode_phantom

DOCUMENTS = [
    *sorted(path for path in PROJECT_DIR.glob("*.md")),
    *sorted((PROJECT_DIR / "docs").rglob("*.md")),
]


# Of the seams' table: what hangs on a class, and a document.
METHODS = {"load_network", "read_batch", "st", "docs"}


def read_document(name: str) -> str:
    return (PROJECT_DIR / name).read_text(encoding="utf-8")


def read_table(name: str, head: str) -> list[list[str]]:
    """Return the cells of each row of the one table of a document that begins with some head."""
    (rows,) = re.findall(rf"^\| {re.escape(head)}.*\n\|[-|]+\n((?:\|.*\n)+)", read_document(name), re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.splitlines()]


SETTINGS = {
    key: default
    for keys, defaults, *_ in read_table("docs/administrator.md", "key")
    for key, default in zip(
        re.findall(r"`(\w+)`", keys), (defaults.split(", ") * 2)[: len(keys.split(", "))], strict=True
    )
}


def test_every_setting_is_documented_and_there_is_no_other() -> None:
    assert set(SETTINGS) == set(Settings.model_fields)


@pytest.mark.parametrize("key", Settings.model_fields)
def test_the_default_is_the_one_that_is_documented(key: str) -> None:
    default = Settings.model_fields[key].default
    told = SETTINGS[key].strip("`")
    if isinstance(default, Path):
        assert told == default.name
    elif isinstance(default, bool):
        assert told == str(default).lower()
    elif isinstance(default, int | float):
        assert float(told) == default
    elif isinstance(default, str) and default:
        assert told == default
    else:
        assert told.split(":")[0] in {"empty", "none"}


def test_every_page_is_documented_and_there_is_no_other() -> None:
    pages = {path.stem.partition("_")[2] for path in (PROJECT_DIR / "pages").glob("*.py")}
    assert {row[0] for row in read_table("docs/clinician.md", "page")} == {"Home", *pages}


def test_every_extra_is_documented_and_there_is_no_other() -> None:
    extras = tomllib.loads(read_document("pyproject.toml"))["project"]["optional-dependencies"]
    rows = read_table("docs/administrator.md", "extra")
    assert [row[0].strip("`") for row in rows] == list(extras)
    assert all(row[2] == f"`pip install -r requirements-{extra}.txt`" for row, extra in zip(rows, extras, strict=True))


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in map(slug, re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_files_of_code_that_are_named_are_there(path: Path) -> None:
    for name in re.findall(r"`([\w/]+/\w+\.py)`", path.read_text(encoding="utf-8")):
        assert (PROJECT_DIR / name).is_file() or (PROJECT_DIR / "fracture_core" / name).is_file(), (
            f"{path.name}: {name}"
        )


def test_the_tree_of_the_architecture_has_every_folder() -> None:
    (tree,) = re.findall(r"```\n(streamlit_app\.py.*?)```", read_document("docs/architecture.md"), re.DOTALL)
    library = tree[tree.index("fracture_core/ ") : tree.index("checkpoints/ ")]
    told = re.findall(r"^ {2}(?: {2})?([a-z_]+)/ ", library, re.MULTILINE)
    folders = (PROJECT_DIR / "fracture_core").glob("*/**/__init__.py")
    there = [path.parent.name for path in folders if "versions" not in path.parts]
    assert sorted(told) == sorted(there)


def test_the_seams_are_calls_of_the_faces() -> None:
    for room, calls in read_table("docs/architecture.md", "room"):
        if room != "ui/viewer":
            face = set(dir(import_module(f"fracture_core.{room}")))
            seams = {re.split(r"[^\w]", call.removeprefix("with "))[0] for call in re.findall(r"`([^`]+)`", calls)}
            assert seams - face - METHODS - {name for name in seams if "Error" in name} == set(), room


def test_every_document_is_reached_from_the_readme() -> None:
    linked = {(PROJECT_DIR / target).resolve() for target in re.findall(r"\]\(([\w./-]+)", read_document("README.md"))}
    assert {path.resolve() for path in (PROJECT_DIR / "docs").glob("*.md")} <= linked


def test_python_of_the_developers_document_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", read_document("docs/developer.md"), re.DOTALL)
    (tmp_path / "wrist.png").write_bytes(encode_phantom())
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(PROJECT_DIR)!r})\n" + code]
    said = subprocess.run(
        [part.replace("wrist.dcm", "wrist.png") for part in command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.match(r"(not )?fractured [01]\.\d+ \(", said.stdout)
