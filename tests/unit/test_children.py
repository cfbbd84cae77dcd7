"""What tests name in a string, children's programs above all, is there: many are run by slow tests only."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

from fracture_core.base.settings import PROJECT_DIR

_OWN = re.compile(r"(?:fracture_core|tests)(?:\.\w+)+")


def list_named(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything of ours that the strings of a file name or import."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if _OWN.fullmatch(node.value):
            yield node.value
        try:
            program = ast.parse(textwrap.dedent(node.value))
        except (SyntaxError, ValueError):
            continue
        for statement in ast.walk(program):
            if isinstance(statement, ast.ImportFrom) and _OWN.match(statement.module or ""):
                yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def is_there(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_what_tests_name_in_a_string_is_there() -> None:
    named = {name: path for path in (PROJECT_DIR / "tests").rglob("*.py") for name in list_named(path)}
    assert len(named) > 20
    missing = [f"{path.relative_to(PROJECT_DIR)}: {name}" for name, path in named.items() if not is_there(name)]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("program", ["from {}.base import no_such_thing", "{}.base.gone"])
def test_what_is_not_there_is_found(tmp_path: Path, program: str) -> None:
    (tmp_path / "test_it.py").write_text(f'CHILD = """{program.format("fracture_core")}"""')
    assert [is_there(name) for name in list_named(tmp_path / "test_it.py")] == [False]
