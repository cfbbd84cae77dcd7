"""Evidence is gathered of the readable files, in one order, with what the others lack."""

from dataclasses import replace
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.audit.evidence import Evidence, gather_evidence, name_family
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog, DatasetItem
from tests.planted import draw, encode
from tests.tiny_world import write_dataset


def test_only_class_folders_hold_copies_by_name() -> None:
    item = DatasetItem(Path("a-rotated1.png"), "fractured/a-rotated1.png", 1, "fractured/a")
    folders = Catalog("ours", Path(), "class folders", (item,))
    assert name_family(folders, item) == "fractured/a"
    assert name_family(replace(folders, layout="manifest"), item) == "fractured/a-rotated1.png"


@pytest.fixture
def evidence(tmp_path: Path, state: Path) -> Evidence:
    root = write_dataset(tmp_path / "drawn", count=4)
    (root / "fractured" / "broken.png").write_bytes(b"no picture")
    (root / "fractured" / "copy.png").write_bytes((root / "fractured" / "01.png").read_bytes())
    (root / "fractured" / "wide.png").write_bytes(encode(draw(77, fractured=True)[:100]))
    return gather_evidence(read_catalog(root), lambda what, done, total: None)


def test_facts_stand_in_the_order_of_the_items(evidence: Evidence) -> None:
    assert set(evidence.unreadable) == {"fractured/broken.png"}
    names = [item.name for item in evidence.items]
    assert "fractured/broken.png" not in names
    assert len(names) == len(evidence.facts) == len(evidence.families) == len(evidence.radiographs)
    for item, fact in zip(evidence.items, evidence.facts, strict=True):
        assert (fact.size_bytes, fact.source_type) == (item.path.stat().st_size, "PNG")
    assert evidence.facts[names.index("fractured/wide.png")].height_px == 100


def test_a_copy_shares_hashes_radiograph_and_group(evidence: Evidence) -> None:
    names = [item.name for item in evidence.items]
    one, other = names.index("fractured/01.png"), names.index("fractured/copy.png")
    for shared in ("facts", "radiographs", "groups"):
        assert getattr(evidence, shared)[one] == getattr(evidence, shared)[other], shared
    assert evidence.families[one] != evidence.families[other]
    assert len(set(evidence.radiographs)) == len(names) - 1


def test_a_file_that_went_away_is_named(tmp_path: Path, state: Path) -> None:
    catalog = read_catalog(write_dataset(tmp_path / "gone", count=4))
    gather_evidence(catalog, lambda what, done, total: None)
    catalog.items[0].path.unlink()
    with pytest.raises(DatasetError, match=r"fractured/01\.png can no longer be read"):
        gather_evidence(catalog, lambda what, done, total: None)
