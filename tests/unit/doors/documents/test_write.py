"""Documents hold what the files hold, and nothing else."""

from pathlib import Path

import pytest

from fracture_core.base.settings import PROJECT_DIR, Settings
from fracture_core.doors.cli import main
from fracture_core.doors.documents.markdown import word_metric
from fracture_core.doors.documents.write import DOCS_DIR, build_documents, find_outdated, write_documents
from fracture_core.evaluation.kept import write_evaluations
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks.checkpoints import find_checkpoint
from tests.tiny_world import make_checkpoint


def test_committed_documents_are_what_the_command_writes() -> None:
    settings = Settings(checkpoints_dir=PROJECT_DIR / "checkpoints")
    outdated = [path.name for path in find_outdated(DOCS_DIR, settings)]
    assert not outdated, "write them anew: python -m fracture_core results"


def test_every_figure_of_the_evaluations_is_there(
    own_settings: Settings, shipped: list[Evaluation], tmp_path: Path
) -> None:
    results = build_documents(own_settings, tmp_path)["results.md"]
    for evaluation in shipped:
        assert all(word_metric(metric) in results for metric in evaluation.metrics.values())
        if not evaluation.mark:
            assert evaluation.localisation is not None and evaluation.calibration is not None
            assert all(word_metric(metric) in results for metric in evaluation.localisation.figures.values())
            assert word_metric(evaluation.calibration.ece) in results
            for part in evaluation.subgroups:
                assert f"| {part.kind} | {part.name} | {part.n:,} |" in results


def test_every_leaky_figure_is_marked(own_settings: Settings, shipped: list[Evaluation], tmp_path: Path) -> None:
    documents = build_documents(own_settings, tmp_path)
    for name in ("results.md", "model-card-default.md"):
        rows = [line for line in documents[name].splitlines() if line.startswith("|") and "paper, test" in line]
        assert rows
        for row in rows:
            assert row.count("(AS PUBLISHED)") == row.count(" [") > 0, row


def test_writing_twice_changes_nothing(own_settings: Settings, shipped: list[Evaluation], tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    assert len(find_outdated(docs, own_settings, tmp_path)) == len(build_documents(own_settings, tmp_path))
    written = write_documents(docs, own_settings, tmp_path)
    assert {path.name for path in written} >= {"results.md", "model-card-default.md", "model-card-other.md"}
    assert find_outdated(docs, own_settings, tmp_path) == []
    (docs / "results.md").write_text("0.99", encoding="utf-8")
    (docs / "model-card-gone.md").write_text("of a checkpoint that is no more", encoding="utf-8")
    assert find_outdated(docs, own_settings, tmp_path) == [docs / "results.md", docs / "model-card-gone.md"]


def test_links_of_a_document_exist(own_settings: Settings, shipped: list[Evaluation], tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write_documents(docs, own_settings, tmp_path)
    charts = [
        line.split("](")[1].rstrip(")") for line in (docs / "results.md").read_text().splitlines() if line[:2] == "!["
    ]
    assert len(charts) == 2
    assert all((docs / chart).read_text(encoding="utf-8").startswith("<svg") for chart in charts)


def test_a_checkpoint_without_evaluation_says_so(own_settings: Settings, tmp_path: Path) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    documents = build_documents(own_settings, tmp_path)
    assert set(documents) == {"results.md", "model-card-default.md"}
    assert "no evaluation" in documents["results.md"].lower()


def test_an_older_evaluation_still_makes_documents(
    own_settings: Settings, shipped: list[Evaluation], tmp_path: Path
) -> None:
    old = {"operating_points", "calls", "subgroups", "calibration", "decision_curve", "localisation", "per_radiograph"}
    plain = Evaluation.model_validate(shipped[0].model_dump(exclude=old))
    write_evaluations(find_checkpoint("default", own_settings).evaluation_path, [plain])
    assert "not recorded" in build_documents(own_settings, tmp_path)["model-card-default.md"]


def test_command(
    own_settings: Settings, shipped: list[Evaluation], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "docs"
    assert main(["results", "--out", str(out), "--check"]) == 1
    assert "is not what its files say" in capsys.readouterr().out
    assert main(["results", "--out", str(out)]) == 0
    assert str(out / "results.md") in capsys.readouterr().out
    assert main(["results", "--out", str(out), "--check"]) == 0
