"""The command ``failures``: from an evaluation alone, with every filter of the page."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from fracture_core.doors.cli.failures import _FILTERS, _SINGLE
from fracture_core.evaluation.kept import keep_evaluation
from fracture_core.evaluation.records import Leaks
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.reviews.read import read_reviews
from fracture_core.failures.reviews.write import add_tag
from fracture_core.failures.selection import select_failures
from fracture_core.failures.table import FailureTable
from fracture_core.networks.checkpoints import Checkpoint
from tests.tiny_world import make_checkpoint, write_dataset
from tests.unit.failures.made import draw_predictions, make_evaluation, make_prediction

PREDICTIONS = draw_predictions(120)
ERRORS = sum(not item.correct for item in PREDICTIONS)


def keep(checkpoint: Checkpoint, seed: int = 0, **fields: Any) -> None:
    """Keep a made evaluation as if the checkpoint had been measured here."""
    made = make_evaluation(draw_predictions(120, seed=seed), checkpoint.name)
    keep_evaluation(checkpoint, made.model_copy(update={"weights_sha256": checkpoint.manifest.weights_sha256} | fields))


@pytest.fixture
def checkpoint(own_settings: Settings) -> Checkpoint:
    made = make_checkpoint(own_settings.checkpoints_dir / "default")
    keep(made)
    return made


def read_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["failures", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_everything_is_in_the_object(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    report = read_json(capsys)
    assert (report["n"], report["errors"], report["n_files"]) == (120, ERRORS, ERRORS)
    files = [file for entry in report["entries"] for file in entry["files"]]
    assert len(files) == ERRORS and all(file["kind"] != "correct" for file in files)
    assert all(entry["n_wrong"] == len(entry["files"]) for entry in report["entries"])
    assert {"facets", "slices", "worst_slice_in_words", "confusion", "curves", "scores"} <= report.keys()
    assert sum(report["confusion"]["fractured"].values()) == sum(item.label for item in PREDICTIONS)
    assert report["confusion_at_balanced"]["fractured"]["not fractured"] == sum(
        item.kind == "missed fracture" for item in PREDICTIONS
    )
    assert "label_errors" not in report and "changes" not in report


FILTERS = [
    ["--show", "all"],
    ["--show", "uncertain"],
    ["--kind", "missed fracture"],
    ["--kind", "false alarm", "--kind", "uncertain"],
    ["--region", "hand", "--region", "not known"],
    ["--view", "lateral"],
    ["--hardware", "visible"],
    ["--size", "512 to 1,023 px"],
    ["--tag", "look, again"],
    ["--family", "radiograph 3"],
    ["--p-from", "0.6", "--p-to", "0.9"],
    ["--reviewed", "no"],
    ["--label-doubted", "no"],
    ["--call", "positive", "--show", "all"],
    ["--label", "not fractured"],
    ["--search", "IMAGE0001"],
    ["--order", "distance"],
]


@pytest.mark.parametrize("options", FILTERS, ids=lambda options: " ".join(options))
def test_a_filter_does_what_the_library_does(
    options: list[str], checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [item.name for item in PREDICTIONS if not item.correct]
    add_tag("set", wrong[:2], "look, again", "Ada")
    report = read_json(capsys, *options)
    filters = FailureFilters.from_params(report["filters"])
    assert filters != FailureFilters(), "the option is a filter"
    entries = select_failures(FailureTable.build(make_evaluation(PREDICTIONS), read_reviews("set")), filters)
    assert [entry["shown"] for entry in report["entries"]] == [entry.shown.name for entry in entries]
    assert report["n_files"] == entries.n_files > 0


def test_every_filter_is_an_option() -> None:
    options = {field for field, _ in _FILTERS.values()} | {option.replace("-", "_") for option in _SINGLE}
    assert options == set(FailureFilters.model_fields)


def test_the_table_reads(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["failures", "--limit", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"default on set, test: {ERRORS} of 120 files are called wrongly")
    assert any(line.startswith("kinds:") and "missed fracture" in line for line in lines)
    assert lines[-1].startswith("and ") and "--limit" in lines[-1]
    assert len([line for line in lines if ".png" in line]) == 3


def test_a_leaky_side_carries_its_mark(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    keep(checkpoint, as_published=True, leaks=Leaks(radiographs=2, files=5, first=("a",)))
    assert main(["failures"]) == 0
    assert "AS PUBLISHED" not in capsys.readouterr().out, "the clean one goes first"
    assert main(["failures", "--as-published"]) == 0
    assert all("AS PUBLISHED: leaks 2" in line for line in capsys.readouterr().out.splitlines() if line)


def test_against_another_checkpoint(
    checkpoint: Checkpoint, own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_checkpoint(own_settings.checkpoints_dir / "other", seed=1)
    assert main(["failures", "--against", "other"]) == 1
    assert "evaluate --checkpoint other --data set --split test" in capsys.readouterr().err
    keep(other, seed=5)
    report = read_json(capsys, "--against", "other", "--change", "fixed")
    assert report["changes"]["against"] == "other"
    shown = {file["name"] for entry in report["entries"] for file in entry["files"]}
    assert shown == set(report["changes"]["fixed"]) and shown
    assert {file["change"] for entry in report["entries"] for file in entry["files"]} == {"fixed"}
    assert main(["failures", "--against", "other"]) == 0
    assert "against other, on 120 files that both read" in capsys.readouterr().out


def test_label_errors(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    turned = ("radiograph 4", "radiograph 7")
    made = [
        make_prediction(
            item.name, 1 - item.label if item.radiograph in turned else item.label, 0.05 + 0.9 * item.label
        ).model_copy(update={"radiograph": item.radiograph})
        for item in PREDICTIONS
    ]
    keep(checkpoint, predictions=tuple(made))
    report = read_json(capsys, "--label-errors", "2")
    assert {doubt["radiograph"] for doubt in report["label_errors"]} == set(turned)
    assert (report["label_errors_in_all"], report["label_ranking"]["first"]) == (2, 2)
    assert main(["failures", "--label-errors", "1"]) == 0
    out = capsys.readouterr().out
    assert "Of 2 labels turned on purpose among 30 radiographs" in out
    assert out.splitlines()[-1].endswith("(4 copies)")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "nonsense"], "It may be: missed fracture"),
        (["--p-from", "2"], "'p_from'"),
        (["--change", "new"], "--against"),
        (["--data", "elsewhere"], "there is: set test"),
        (["--checkpoint", "none"], "none"),
    ],
)
def test_what_cannot_be_is_told(
    options: list[str], said: str, checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["failures", *options]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and said in error


def test_a_region_that_is_not_there_leaves_nothing(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["failures", "--region", "nowhere"]) == 0
    assert "0 files of 0 radiographs (regions: nowhere)" in capsys.readouterr().out


def test_csv_and_zip_where_the_images_are_not_here(
    checkpoint: Checkpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, archive = tmp_path / "failures.csv", tmp_path / "failures.zip"
    assert main(["failures", "--kind", "false alarm", "--csv", str(table), "--zip", str(archive)]) == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert {row["name"] for row in rows} == {item.name for item in PREDICTIONS if item.kind == "false alarm"}
    with zipfile.ZipFile(archive) as opened:
        assert set(opened.namelist()) == {"failures.csv", "README.txt"}
    assert f"{len(rows)} files have no image" in capsys.readouterr().err


def test_zip_holds_the_images(own_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    write_dataset(own_settings.data_dir / "drawn")
    assert main(["evaluate", "--data", "drawn", "--split", "all"]) == 0
    archive = tmp_path / "failures.zip"
    assert main(["failures", "--show", "all", "--search", "0", "--zip", str(archive), "--no-heatmaps"]) == 0
    with zipfile.ZipFile(archive) as opened:
        assert len([name for name in opened.namelist() if name.startswith("images/")]) == 11
        assert not [name for name in opened.namelist() if name.startswith("heatmaps/")]


def test_reviewing_from_the_terminal(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = PREDICTIONS[0].name, PREDICTIONS[1].name
    said = ["--tag", "cast", "--note", "A nutrient canal.", "--propose", "not fractured", "--reviewed", "yes"]
    assert main(["failures", "review", "--data", "set", first, second, *said, "--who", "Ada"]) == 0
    assert "kept for 2 files of set, by Ada" in capsys.readouterr().out
    review = read_reviews("set")[first]
    assert (review.tags, review.proposed_label, review.proposed_by, review.reviewed) == (("cast",), 0, "Ada", True)
    assert [note.text for note in review.notes] == ["A nutrient canal."]
    assert main(["failures", "review", "--data", "set", second, "--untag", "cast", "--propose", "none"]) == 0
    assert read_reviews("set")[second].tags == () and read_reviews("set")[second].proposed_label is None
    capsys.readouterr()
    assert main(["failures", "history", "--data", "set", first, "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(event["who"], event["kind"]) for event in events] == [
        ("Ada", "tag"),
        ("Ada", "note"),
        ("Ada", "label"),
        ("Ada", "reviewed"),
    ]
    assert main(["failures", "--show", "all", "--tag", "cast"]) == 0
    assert "[cast, reviewed, Ada: not fractured]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--data", "set", "mistyped.png", "--tag", "a"], "No evaluation of 'set' has a file 'mistyped.png'"),
        (["--data", "set", PREDICTIONS[0].name], "Nothing is said"),
        ([PREDICTIONS[0].name, "--tag", "a"], "--data"),
        (["--data", "set", PREDICTIONS[0].name, "--tag", "a" * 50], "at most 40"),
    ],
)
def test_a_review_that_cannot_be_kept(
    options: list[str], said: str, checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["failures", "review", *options]) == 1
    assert said in capsys.readouterr().err
    assert read_reviews("set") == {}


def test_hand_over_needs_the_images(checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["failures", "hand-over", "--data", "set", PREDICTIONS[0].name, "--who", "Ada"]) == 1
    assert "not on this machine" in capsys.readouterr().err
