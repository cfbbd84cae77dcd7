"""The rules of the house: imports point down the list of docs/architecture.md, by faces, in no circle."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def read_order(block: str) -> dict[str, int]:
    """Return each name of a block of the document with its line; names on one line do not know each other."""
    lines = re.search(rf"```{block}\n(.*?)```", DOCUMENT, re.DOTALL)[1].splitlines()
    return {name: rank for rank, line in enumerate(lines) for name in line.split("#")[0].split()}


ROOMS, SCREENS = read_order("rooms"), read_order("screens")
SOURCES = {
    path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("fracture_core", "ui", "pages")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
MODULES = set(SOURCES.values())


def read_face(room: str) -> list[str]:
    return re.findall(r" as (\w+)", (ROOT / "fracture_core" / room / "__init__.pyi").read_text(encoding="utf-8"))


FACES = {f"fracture_core.{room}": read_face(room) for room in ROOMS}


def find_imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of every import, also of those inside of functions; no name where a module is imported."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_module = full in MODULES and alias.name not in FACES.get(node.module or "", ())
                yield (full, "") if is_module else (node.module or "", alias.name)


IMPORTS = {module: list(find_imports(path)) for path, module in SOURCES.items()}


def place_of(module: str) -> str:
    """Return the room or the folder of screens; empty for what stands beside them."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in (ROOMS if parts[0] == "fracture_core" else SCREENS) else ""


def test_the_document_names_every_place() -> None:
    for package, known in (("fracture_core", ROOMS), ("ui", SCREENS)):
        found = {path.name for path in (ROOT / package).iterdir() if path.is_dir() and list(path.glob("*.py"))}
        assert found == set(known), package
    assert 9 <= len(ROOMS) <= 12


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_down_and_go_by_faces(module: str) -> None:
    package, own = module.split(".")[0], place_of(module)
    for target, name in IMPORTS[module]:
        root, other = target.split(".")[0], place_of(target)
        if package == "fracture_core":
            assert root not in {"streamlit", "ui", "pages"}, f"{module} knows the screens: {target}"
        if root == "fracture_core" and other:
            assert package != "fracture_core" or not own or ROOMS[other] <= ROOMS[own], f"{module} imports up: {target}"
            inside = package == "fracture_core" and other == own
            assert inside or target.count(".") == 1, f"{module} passes by the face of {other}: {target}"
            assert not inside or target.count(".") > 1, f"{module} goes through the face of its own room for {name}"
        if package == root == "ui" and own != other:
            assert SCREENS[other] < SCREENS[own], f"{module} imports up or aside: {target}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_face_gives_all_that_it_lists(room: str) -> None:
    face = import_module(f"fracture_core.{room}")
    assert sorted(face.__all__) == sorted(FACES[face.__name__])
    assert all(hasattr(face, name) for name in face.__all__)
    assert face.__doc__


def find_circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the places of one circle, or nothing."""
    done: set[str] = set()
    for start in graph:
        path, waiting = [], [(start, iter(sorted(graph[start])))]
        path.append(start)
        while waiting:
            place, following = waiting[-1]
            following_place = next(following, None)
            if following_place is None:
                done.add(place)
                waiting.pop()
                path.pop()
            elif following_place in path:
                return [*path[path.index(following_place) :], following_place]
            elif following_place not in done and following_place in graph:
                path.append(following_place)
                waiting.append((following_place, iter(sorted(graph[following_place]))))
    return []


@pytest.mark.parametrize("by", ["file", "folder"])
def test_there_is_no_circle(by: str) -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    folders = {module for path, module in SOURCES.items() if path.name == "__init__.py"}

    def find_place(module: str) -> str:
        return module if by == "file" or module in folders else module.rpartition(".")[0]

    for module, targets in IMPORTS.items():
        if module.split(".")[0] == "pages" or module in {"fracture_core", "ui"}:
            continue
        for target, _ in targets:
            if target in MODULES and target not in {"fracture_core", "ui"} and find_place(target) != find_place(module):
                graph[find_place(module)].add(find_place(target))
    assert find_circle(dict(graph)) == []


def test_a_circle_would_be_found() -> None:
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert find_circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize("package", ["pages", "ui"])
def test_screens_know_no_torch(package: str) -> None:
    for module in (each for each in MODULES if each.split(".")[0] == package):
        roots = {target.split(".")[0] for target, _ in IMPORTS[module]}
        assert not roots & {"torch", "lightning", "torchvision"}, module


# Of files of fewer lines than this the first lines say why they stand alone ("Apart: ...").
SHORT_LINES = 40


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if "migrations" not in path.parts], ids=lambda path: SOURCES[path]
)
def test_a_short_file_says_why_it_stands_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name != "__init__.py" and path.parent.name != "pages" and len(text.splitlines()) < SHORT_LINES:
        assert "Apart:" in (ast.get_docstring(ast.parse(text)) or ""), f"{path}: {len(text.splitlines())} lines"


# Modules that need no test of their name, and why.
EXEMPT = {
    "__main__": "two lines; tests of the commands run it",
    "base.progress": "types alone",
    "base.background.begin": "base/background/test_background.py",
    "base.background.detach": "base/background/test_background.py",
    "base.background.states": "base/background/test_background.py",
    "base.background.work": "base/background/test_background.py",
    "datasets.audit.report": "types alone; datasets/audit/test_kept.py",
    "radiographs.intake.decoder": "runs in a child; radiographs/intake/test_sandbox.py",
    "store.tables": "store/test_migrations.py",
    "training.lightning_imports": "imports alone",
}
# Modules that other tests run, and that have none of their name yet. The list may only become shorter.
WITHOUT = frozenset(
    [
        "doors.api.answers",
        "doors.api.models",
        "doors.api.pool",
        "doors.api.read",
        "doors.api.ready",
        "doors.api.request",
        "doors.api.security",
        "doors.cli.audit",
        "doors.cli.compare",
        "doors.cli.evaluate",
        "doors.cli.evaluation_text",
        "doors.cli.failures_evaluations",
        "doors.cli.failures_report",
        "doors.cli.failures_reviews",
        "doors.cli.feedback_text",
        "doors.cli.gate",
        "doors.cli.neighbours",
        "doors.cli.outputs",
        "doors.cli.progress",
        "doors.cli.results",
        "doors.cli.serve",
        "doors.cli.suitability",
        "doors.dicom_out.capture",
        "doors.dicom_out.codes",
        "doors.dicom_out.common",
        "doors.dicom_out.source",
        "doors.dicom_out.structured_report",
        "doors.documents.card_model",
        "doors.documents.charts",
        "doors.documents.data_terms",
        "doors.documents.failures",
        "doors.documents.model_card",
        "doors.documents.paper",
        "doors.documents.results",
        "doors.documents.tables",
        "doors.pacs.bounded",
        "doors.pacs.destination",
        "doors.pacs.kinds",
        "doors.pacs.push_worklist",
        "doors.pacs.reading",
        "doors.pacs.receiving",
        "doors.pacs.send",
        "doors.pacs.silence",
        "doors.pacs.spool",
        "doors.pacs.worker",
        "doors.report.build",
        "doors.report.paper",
        "doors.report.pictures",
        "doors.report.statement",
        "doors.report.texts",
        "evaluation.calls",
        "evaluation.evaluator",
        "evaluation.gate.champion",
        "evaluation.gate.figures",
        "evaluation.gate.measure",
        "evaluation.gate.report",
        "evaluation.table",
        "failures.export_readme",
        "failures.facet",
        "failures.neighbours.training_side",
        "failures.reviews.frozen",
        "failures.reviews.records",
        "failures.reviews.reviewed_set",
        "failures.table",
        "records.feedback.candidates",
        "records.feedback.exams",
        "records.feedback.read",
        "records.feedback.rules",
        "records.worklist.gather",
        "records.worklist.records",
        "training.callbacks",
        "training.checkpoints",
        "training.finish",
        "training.fit",
        "training.module",
        "training.prepared",
        "training.recipes",
        "training.runs.courtesy",
        "training.runs.liveness",
        "training.runs.stop_request",
        "training.runs.writer",
        "training.space",
    ]
)


def test_every_module_has_a_test_of_its_name() -> None:
    without = set()
    for path in (path for path in SOURCES if path.parts[len(ROOT.parts)] == "fracture_core"):
        inside = path.relative_to(ROOT / "fracture_core")
        is_tested = (ROOT / "tests" / "unit" / inside.parent / f"test_{path.name}").exists()
        if path.name != "__init__.py" and "migrations" not in inside.parts and not is_tested:
            without.add(".".join(inside.with_suffix("").parts))
    assert without == WITHOUT | set(EXEMPT)
