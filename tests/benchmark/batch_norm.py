"""How far a network's call leans to one class because dropout stands before its BatchNorm.

Source: Li et al. 2019, arXiv:1801.05134.

    python -m tests.benchmark.batch_norm CHECKPOINT_DIR... [--json FILE]

A folder is what `train --data paper --recipe paper --as-published --seed N` ended in. Validation is called by the
larger output: as trained; with BatchNorm's means and variances measured anew with these weights over training files,
dropout at work as in training; and with dropout off, as it is in reading.
"""

import argparse
import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.special import expit
from torch import nn

from fracture_core.base.allocator import keep_freed_memory
from fracture_core.datasets.labelled_images import LabelledImages, load_labelled_images
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.split_file import read_split
from fracture_core.doors.documents.markdown import word_metric_n
from fracture_core.evaluation.metrics import compute_metrics
from fracture_core.evaluation.records import AS_PUBLISHED
from fracture_core.networks.checkpoints import Checkpoint, read_checkpoint
from fracture_core.networks.inception import FractureNetwork
from fracture_core.networks.preprocessing import Preprocessing, normalize_squares
from fracture_core.training.fit import has_fast_bf16

MEASURED_FILES, BATCH = 640, 32
EQUAL = 0.5  # where the two outputs are


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+", metavar="CHECKPOINT_DIR")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    keep_freed_memory(all_of_it=True)
    found = [read_checkpoint(path, path.parent.name) for path in arguments.checkpoints]
    rows = [row for each in sorted(found, key=lambda each: each.manifest.seed) for row in measure(each)]
    for row in rows:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    if arguments.json:
        results = {
            "title": "Dropout before BatchNorm: the call of the paper's network on its validation",
            "mark": AS_PUBLISHED,
            "command": "python -m tests.benchmark.batch_norm runs/*/checkpoint",
            "rows": rows,
        }
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    train, val = load_sides(checkpoint)
    network = checkpoint.load_network().eval().to(memory_format=torch.channels_last)
    preprocessing = checkpoint.manifest.preprocessing
    drawn = np.random.default_rng(0).permutation(len(train.items))[:MEASURED_FILES]
    networks = {
        "as trained": network,
        "anew, dropout at work": measure_anew(network, train.squares[drawn], preprocessing, dropout=True),
        "anew, dropout off": measure_anew(network, train.squares[drawn], preprocessing, dropout=False),
    }
    return [
        {"seed": str(checkpoint.manifest.seed), "BatchNorm": name} | call(each, val, preprocessing)
        for name, each in networks.items()
    ]


def load_sides(checkpoint: Checkpoint) -> tuple[LabelledImages, LabelledImages]:
    dataset = checkpoint.manifest.data[0].name
    images = load_labelled_images((open_dataset(dataset),), checkpoint.manifest.preprocessing)
    sides = read_split(checkpoint.split_path)[dataset]
    train, val = (images.select({f"{dataset}/{name}" for name in sides[side]}) for side in ("train", "val"))
    return train, val


def measure_anew(
    network: FractureNetwork, squares: np.ndarray, preprocessing: Preprocessing, *, dropout: bool
) -> FractureNetwork:
    torch.manual_seed(0)
    network = copy.deepcopy(network).train()
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # a plain mean over all batches
        if isinstance(layer, nn.Dropout):
            layer.train(dropout)
    compute_margins(network, squares, preprocessing)
    return network.eval()


@torch.no_grad()
def compute_margins(network: FractureNetwork, squares: np.ndarray, preprocessing: Preprocessing) -> np.ndarray:
    batches = torch.from_numpy(np.ascontiguousarray(squares)).split(BATCH)
    inputs = (
        normalize_squares(batch, preprocessing).contiguous(memory_format=torch.channels_last) for batch in batches
    )
    with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16("cpu")):  # as in training
        logits = torch.cat([network(each).float() for each in inputs])
    return (logits[:, 1] - logits[:, 0]).double().numpy()


def call(network: FractureNetwork, side: LabelledImages, preprocessing: Preprocessing) -> dict[str, Any]:
    p_fracture = expit(compute_margins(network, side.squares, preprocessing))
    metrics = compute_metrics(side.labels, p_fracture, np.array([item.group for item in side.items]), EQUAL)
    return {
        "accuracy": word_metric_n(metrics["accuracy"]),
        "AUROC": word_metric_n(metrics["auroc"]),
        "called fractured": f"{(p_fracture >= EQUAL).mean():.3f}",
        "are fractured": f"{side.labels.mean():.3f}",
    }


if __name__ == "__main__":
    main()
