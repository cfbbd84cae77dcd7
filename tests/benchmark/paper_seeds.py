"""How the paper's protocol comes out over several seeds, as published and without what leaks.

    python -m tests.benchmark.paper_seeds CHECKPOINT_DIR... [--json FILE]

A folder is what `train --data paper --recipe paper --as-published --seed N` ended in: ``runs/ID/checkpoint`` in the
state folder. As in the paper, the larger of the two outputs is the call, without calibration or an operating point;
a radiograph's call is that of its files' mean log-odds.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from fracture_core.errors import EvaluationError
from fracture_core.evaluation.kept import read_evaluations
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.registry import Checkpoint, read_checkpoint
from fracture_core.reporting.paper import FIGURES, MARK

Measure = Callable[[list[float]], float]

_LEAST_P = 1e-6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT_DIR")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    results = measure([read_checkpoint(path, path.parent.name) for path in arguments.checkpoints])
    for row in results["rows"]:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(checkpoints: list[Checkpoint]) -> dict[str, Any]:
    seeds = [describe(checkpoint) for checkpoint in sorted(checkpoints, key=lambda each: each.manifest.seed or 0)]
    epochs = {checkpoint.manifest.recipe["epochs"] for checkpoint in checkpoints}
    if len(epochs) > 1:
        raise EvaluationError(f"These runs have {sorted(epochs)} epochs.", "Name runs of the same length.")
    measures: dict[str, Measure] = {"mean": statistics.fmean, "SD": statistics.stdev} if len(seeds) > 1 else {}
    return {
        "title": "The paper's protocol over several seeds",
        "mark": MARK,
        "command": "python -m tests.benchmark.paper_seeds runs/*/checkpoint",
        "training": "python -m fracture_core train --data paper --recipe paper --as-published "
        f"--epochs {epochs.pop()} --seed N",
        "the paper's accuracy on the same files": FIGURES[1].accuracy,
        "rows": seeds + [summarize(name, of, seeds) for name, of in measures.items()],
    }


def describe(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return a run's shares of right calls, by file and by radiograph."""
    sides = {each.split: each for each in read_evaluations(checkpoint.evaluation_path) if each.mark}
    if {"val", "test"} - set(sides):
        raise EvaluationError(f"'{checkpoint.name}' has no figures as published.", "Train it with --as-published.")
    offset = checkpoint.manifest.calibration.offset
    test = sides["test"].predictions
    clean = drop_leaking(sides)
    return {
        "seed": str(checkpoint.manifest.seed),
        "validation, files": count_right(sides["val"].predictions, offset),
        f"test, {len(test)} files": count_right(test, offset),
        "test AUROC": roc_auc_score([each.label for each in test], [each.p_fracture for each in test]),
        f"test, {len(merge(test))} radiographs": count_right(merge(test), offset),
        f"test without leaks, {len(clean)} files": count_right(clean, offset),
        f"test without leaks, {len(merge(clean))} radiographs": count_right(merge(clean), offset),
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


def count_right(predictions: Sequence[Prediction], offset: float) -> float:
    """Return the share whose larger output is the label; ``offset`` is what calibration added."""
    threshold = expit(offset)
    return float(np.mean([(each.p_fracture > threshold) == bool(each.label) for each in predictions]))


def summarize(name: str, of: Measure, seeds: list[dict[str, Any]]) -> dict[str, Any]:
    return {"seed": name} | {key: of([row[key] for row in seeds]) for key in seeds[0] if key != "seed"}


if __name__ == "__main__":
    main()
