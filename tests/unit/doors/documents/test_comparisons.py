"""Two checkpoints on the same radiographs."""

from pathlib import Path

from fracture_core.base.settings import Settings
from fracture_core.doors.documents.write import build_documents
from fracture_core.evaluation.records import Evaluation


def test_checkpoints_are_compared_on_the_same_radiographs(
    own_settings: Settings, shipped: list[Evaluation], tmp_path: Path
) -> None:
    results = build_documents(own_settings, tmp_path)["results.md"]
    compared = results.split("## Checkpoints compared")[1].split("\n## ")[0]
    assert compared.count("| FracAtlas, test | 12 |") == 1
    assert "| default | other |" in compared
