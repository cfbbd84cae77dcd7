"""How the paper's protocol comes out over several seeds, as published and without what leaks.

    python -m tests.benchmark.paper_seeds CHECKPOINT_DIR... [--json FILE]

A folder is what `train --data paper --recipe paper --as-published --seed N` ended in: ``runs/ID/checkpoint`` in the
state folder. As in the paper, the larger of the two outputs is the call, without calibration or an operating point; a
radiograph's call is that of its files' mean log-odds. Seeds that FILE holds of the same training stay in it: a training
takes hours, and its weights need not be kept.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit

from fracture_core.base.errors import EvaluationError
from fracture_core.doors.documents.markdown import word_metric_n
from fracture_core.doors.documents.paper import FIGURES
from fracture_core.evaluation.kept import read_evaluations
from fracture_core.evaluation.metrics import Metric, compute_share, draw_weights
from fracture_core.evaluation.records import AS_PUBLISHED, Evaluation, Prediction
from fracture_core.networks.checkpoints import Checkpoint, read_checkpoint

Measure = Callable[[list[float]], float]

_LEAST_P = 1e-6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT_DIR")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    checkpoints = [read_checkpoint(path, path.parent.name) for path in arguments.checkpoints]
    kept = json.loads(arguments.json.read_text("utf-8")) if arguments.json and arguments.json.is_file() else None
    results = measure(checkpoints, kept)
    for row in results["rows"]:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(checkpoints: list[Checkpoint], kept: dict[str, Any] | None = None) -> dict[str, Any]:
    epochs = {checkpoint.manifest.recipe["epochs"] for checkpoint in checkpoints}
    if len(epochs) > 1:
        raise EvaluationError(f"These runs have {sorted(epochs)} epochs.", "Name runs of the same length.")
    training = (
        f"python -m fracture_core train --data paper --recipe paper --as-published --epochs {epochs.pop()} --seed N"
    )
    if kept and kept["training"] != training:
        raise EvaluationError(f"The file holds seeds of '{kept['training']}'.", "Name another file.")
    seeds = {row["seed"]: row for row in kept["rows"] if row["seed"].isdigit()} if kept else {}
    for checkpoint in checkpoints:
        seed = str(checkpoint.manifest.seed)
        figures = describe(checkpoint).items()
        seeds[seed] = {"seed": seed} | {name: word_metric_n(metric) for name, metric in figures}
    rows = [seeds[seed] for seed in sorted(seeds, key=int)]
    measures: dict[str, Measure] = {"mean": statistics.fmean, "SD": statistics.stdev} if len(rows) > 1 else {}
    return {
        "title": "The paper's protocol over several seeds",
        "mark": AS_PUBLISHED,
        "command": "python -m tests.benchmark.paper_seeds runs/*/checkpoint",
        "training": training,
        "the paper's accuracy on the same files": FIGURES[1].accuracy,
        "rows": rows + [summarize(name, of, rows) for name, of in measures.items()],
    }


def describe(checkpoint: Checkpoint) -> dict[str, Metric]:
    """Return a run's shares of right calls, by file and by radiograph, with intervals by bootstrap over radiographs."""
    sides = {each.split: each for each in read_evaluations(checkpoint.evaluation_path) if each.mark}
    if {"val", "test"} - set(sides):
        raise EvaluationError(f"'{checkpoint.name}' has no figures as published.", "Train it with --as-published.")
    threshold = float(expit(checkpoint.manifest.calibration.offset))  # where the outputs are equal
    test, clean = sides["test"].predictions, drop_leaking(sides)
    return {
        "validation, files": count_right(sides["val"].predictions, threshold),
        "test, files": count_right(test, threshold),
        "test, files: AUROC": sides["test"].metrics["auroc"],
        "test, radiographs": count_right(merge(test), threshold),
        "test without leaks, files": count_right(clean, threshold),
        "test without leaks, radiographs": count_right(merge(clean), threshold),
    }


def drop_leaking(sides: dict[str, Evaluation]) -> list[Prediction]:
    """Return the test files of which no copy was learned from; nearly every group has a file in validation."""
    learnt = {each.group for each in sides["val"].predictions}
    test, leaks = sides["test"].predictions, sides["test"].leaks
    clean = [each for each in test if each.group not in learnt]
    if len(test) - len(clean) != (leaks.files if leaks else 0):
        raise EvaluationError("The leaking files are not those that the training found.", "Evaluate the run again.")
    return clean


def merge(predictions: Sequence[Prediction]) -> list[Prediction]:
    """Return one prediction a radiograph."""
    by_radiograph: dict[str, list[Prediction]] = {}
    for each in predictions:
        by_radiograph.setdefault(each.radiograph, []).append(each)
    return [
        copies[0].model_copy(update={"p_fracture": average([each.p_fracture for each in copies])})
        for copies in by_radiograph.values()
    ]


def average(probabilities: list[float]) -> float:
    return float(expit(np.mean(logit(np.clip(probabilities, _LEAST_P, 1 - _LEAST_P)))))


def count_right(predictions: Sequence[Prediction], threshold: float) -> Metric:
    """Return the share whose larger output is the label."""
    right = np.array([(each.p_fracture > threshold) == bool(each.label) for each in predictions])
    return compute_share(
        right, np.ones(len(right), bool), draw_weights(np.array([each.radiograph for each in predictions]))
    )


def summarize(name: str, of: Measure, rows: list[dict[str, str]]) -> dict[str, str]:
    """Return a row over those of the seeds, of each figure without its interval."""
    figures = [key for key in rows[0] if key != "seed"]
    return {"seed": name} | {key: f"{of([float(row[key].split()[0]) for row in rows]):.3f}" for key in figures}


if __name__ == "__main__":
    main()
