"""Files left out, and tables that disagree with the folder."""

from pathlib import Path

from fracture_core.datasets.audit.files import check_tables
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Exclusion
from tests.planted import draw, encode
from tests.unit.datasets.audit.made import find, make_evidence
from tests.unit.datasets.folders import FRACATLAS_HEADER


def test_tables_are_told_by_kind() -> None:
    reasons = {
        "a": "in dataset.csv but the file is missing",
        "b": "has no row in dataset.csv",
        "c": "lies in Fractured but dataset.csv says not fractured",
        "d": "lies in no class folder",
        "e": "odd",
    }
    evidence = make_evidence([0, 1], excluded=tuple(Exclusion(*pair) for pair in reasons.items()))
    found = {finding.check: finding.names for finding in check_tables(evidence)}
    assert found == {
        "row without file": ("a",),
        "file without row": ("b",),
        "label against folder": ("c",),
        "stray file": ("d",),
        "left out": ("e",),
    }


def test_table_against_folder(tmp_path: Path, state: Path) -> None:
    labels = {"IMG0000001.png": 1, "IMG0000005.png": 0, "IMG0000009.png": 0, "IMG0000013.png": 1}
    root = tmp_path / "atlas"
    for number, (name, label) in enumerate(labels.items()):
        folder = root / "images" / ("Fractured" if label else "Non_fractured")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(encode(draw(700 + number, fractured=bool(label))))
    table = {"IMG0000001.png": 1, "IMG0000005.png": 0, "IMG0000009.png": 1, "IMG0000017.png": 0}
    rows = [f"{name},1,0,0,0,0,0,0,{label},{label},1,0,0" for name, label in table.items()]
    (root / "dataset.csv").write_text("\n".join([FRACATLAS_HEADER, *rows]))
    report = audit_dataset(read_catalog(root))
    assert find(report, "row without file").names == ("IMG0000017.png",)
    assert find(report, "file without row").names == ("images/Fractured/IMG0000013.png",)
    assert find(report, "label against folder").names == ("images/Non_fractured/IMG0000009.png",)
