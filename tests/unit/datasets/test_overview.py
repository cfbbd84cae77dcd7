"""What is at hand and what could be fetched, each told with its state, its counts and its licence."""

from pathlib import Path

from fracture_core.base.settings import Settings
from fracture_core.datasets.fetch.known import KNOWN_DATASETS
from fracture_core.datasets.fetch.provenance import Provenance, write_provenance
from fracture_core.datasets.overview import DatasetSummary, summarize_datasets
from fracture_core.datasets.sources import PHANTOM_DATASET
from tests.tiny_world import write_dataset


def summarize() -> dict[str, DatasetSummary]:
    return {summary.name: summary for summary in summarize_datasets()}


def test_nothing_at_hand(own_settings: Settings) -> None:
    found = summarize()
    assert list(found) == [PHANTOM_DATASET, *(known.name for known in KNOWN_DATASETS.values())]
    assert found[PHANTOM_DATASET].state == "drawn on first use" and found[PHANTOM_DATASET].images is None
    assert not (own_settings.state_dir / PHANTOM_DATASET).exists(), "a look draws nothing"
    fetchable = found["FracAtlas"]
    assert (fetchable.state, fetchable.key, fetchable.licence) == ("can be fetched", "fracatlas", "CC BY 4.0")


def test_a_set_at_hand_is_counted(own_settings: Settings) -> None:
    root = write_dataset(own_settings.data_dir / "ours", count=6)
    (root / "stray.png").write_bytes(b"x")
    ours = summarize()["ours"]
    assert (ours.state, ours.path, ours.layout) == ("ready", str(root), "class folders")
    assert (ours.images, ours.fractured, ours.groups, ours.left_out, ours.licence) == (6, 3, 6, 1, None)


def write_source(folder: Path, licence: str) -> None:
    terms = {"title": "t", "page": "https://example.org", "citation": "c", "fetched_at": "2026-01-02T03:04:05+00:00"}
    write_provenance(folder, Provenance(name=folder.name, licence=licence, **terms))


def test_a_licence_is_of_the_source_first_then_as_published(own_settings: Settings) -> None:
    root = write_dataset(own_settings.data_dir / "FracAtlas", count=4)
    by_hand = summarize()["FracAtlas"]
    assert (by_hand.state, by_hand.licence) == ("ready", "CC BY 4.0"), "no longer one to be fetched"
    write_source(root, "CC BY 9.0")
    assert summarize()["FracAtlas"].licence == "CC BY 9.0"


def test_what_cannot_be_read_says_why(own_settings: Settings) -> None:
    (own_settings.data_dir / "cats").mkdir(parents=True)
    cats = summarize()["cats"]
    assert cats.state == "unusable" and cats.images is None
    assert "holds no images" in (cats.problem or "")
