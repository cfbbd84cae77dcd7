"""The two rules of the house: the library knows no Streamlit, and imports point one way."""

import ast
from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR

# From the bottom up; a room may import from its own rank and below.
RANKS = {
    "": 0, "allocator": 0, "errors": 0, "settings": 1, "files": 1, "store": 2, "audit_log": 2, "serving": 3, "incidents": 2, "torchvision_compat": 1, "operating_points": 1, "radiograph": 3, "overlay": 3,
    "intake": 4, "depthwise": 3, "network": 4, "efficientnet_lite": 5, "architectures": 5,
    "preprocessing": 4, "data": 5, "registry": 6, "runs": 6, "background": 6, "audit": 7,
    "reading": 7, "thumbnails": 6, "evaluation": 8, "reviews": 9, "neighbours": 9, "suitability": 9, "failures": 9, "meaning": 9, "training": 9, "gate": 9, "reporting": 10, "report": 10, "dicom_out": 11, "history": 10, "feedback": 11, "worklist": 11, "pacs": 12, "api": 12, "deidentify": 5, "run_history": 10, "jobs": 10, "cli": 13, "__main__": 14,
}  # fmt: skip
FILES = sorted((PROJECT_DIR / "fracture_core").rglob("*.py"))


def find_imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in RANKS else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_imports_point_one_way(path: Path) -> None:
    own = path.relative_to(PROJECT_DIR / "fracture_core").parts[0].removesuffix(".py")
    own_rank = RANKS["" if own == "__init__" else own]
    for module in find_imports(path):
        if module.split(".")[0] == "fracture_core":
            room = room_of(module)
            assert RANKS[room] <= own_rank, f"{path} imports upward: {module}"
        assert module.split(".")[0] not in {"streamlit", "ui", "pages"}, f"{path} knows the screens: {module}"


@pytest.mark.parametrize("folder", ["pages", "ui"])
def test_screens_know_no_torch(folder: str) -> None:
    for path in (PROJECT_DIR / folder).rglob("*.py"):
        roots = {module.split(".")[0] for module in find_imports(path)}
        assert not roots & {"torch", "lightning", "torchvision"}, path
