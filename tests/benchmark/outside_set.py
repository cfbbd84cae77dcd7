"""What can honestly be reached on the paper's radiographs: cross-validation by radiograph on frozen features.

    python -m tests.benchmark.outside_set [--checkpoint NAME] [--copies 4] [--json FILE]

The checkpoint must not have been trained on the paper's set. Its last feature maps, averaged and at their
peak, are averaged over copies of each radiograph; a logistic regression is fitted on four fifths of the
radiographs and read on the last fifth. Beside it stand the checkpoint's own calls, and ImageNet's features.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fracture_core.base.errors import EvaluationError
from fracture_core.datasets.labelled_images import LabelledImages, load_labelled_images
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.splits.partition import limit_copies
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.networks.efficientnet_lite import (
    PRETRAINED_MEAN,
    PRETRAINED_STD,
    EfficientNetLite0,
    load_pretrained_weights,
)
from fracture_core.networks.inception import FractureNetwork, NetworkConfig
from fracture_core.networks.preprocessing import Preprocessing, normalize_squares

FOLDS, REPEATS, RESAMPLES = 5, 5, 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--data", default="paper")
    parser.add_argument("--copies", type=int, default=4, help="files read of each radiograph")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    results = measure(arguments.checkpoint, arguments.data, arguments.copies)
    for row in results["rows"]:
        print(f"{row['what']}: AUROC {row['auroc']:.3f} [{row['low']:.3f}, {row['high']:.3f}], n={results['n']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(name: str, data: str, copies: int) -> dict[str, object]:
    checkpoint = find_checkpoint(name)
    catalog = open_dataset(data)
    if any(record.name == catalog.name for record in checkpoint.manifest.data):
        raise EvaluationError(f"'{name}' was trained on '{catalog.name}': it is no outside set.", "Name another.")
    own = checkpoint.manifest.preprocessing
    images = limit_copies(load_labelled_images([catalog], own), copies)
    labels, groups = gather(images)
    features, margins = read_radiographs(checkpoint.load_network(), own, images)
    imagenet = EfficientNetLite0(NetworkConfig(architecture="EfficientNetLite0", in_channels=1))
    load_pretrained_weights(imagenet)
    expected = own.model_copy(update={"channels": 1, "mean": PRETRAINED_MEAN, "std": PRETRAINED_STD})
    rows = [
        describe(f"'{name}' as it is", labels, margins),
        describe(
            f"features of '{name}', cross-validated by radiograph", labels, cross_validate(features, labels, groups)
        ),
        describe(
            "ImageNet features, cross-validated by radiograph",
            labels,
            cross_validate(read_trunk(imagenet.eval(), expected, images), labels, groups),
        ),
    ]
    return {
        "title": "The paper's radiographs as an outside set",
        "command": f"python -m tests.benchmark.outside_set --checkpoint {name} --data {data} --copies {copies}",
        "dataset": catalog.name,
        "fingerprint": catalog.fingerprint,
        "n": len(labels),
        "n_fractured": int(labels.sum()),
        "folds": FOLDS,
        "repeats": REPEATS,
        "rows": rows,
    }


def gather(images: LabelledImages) -> tuple[np.ndarray, np.ndarray]:
    """Return the label and the group of each radiograph; copies found by their pixels share a group."""
    names = np.array([item.group for item in images.items])
    groups, first = np.unique(names, return_index=True)
    return images.labels[first], groups


def average_by_radiograph(values: np.ndarray, images: LabelledImages) -> np.ndarray:
    _, inverse = np.unique([item.group for item in images.items], return_inverse=True)
    sums = np.zeros((inverse.max() + 1, *values.shape[1:]))
    np.add.at(sums, inverse, values)
    return sums / np.bincount(inverse).reshape(-1, *[1] * (values.ndim - 1))


@torch.inference_mode()
def read_radiographs(
    network: FractureNetwork, preprocessing: Preprocessing, images: LabelledImages
) -> tuple[np.ndarray, np.ndarray]:
    rows, margins = [], []
    for start in range(0, len(images.items), 32):
        inputs = normalize_squares(torch.from_numpy(np.array(images.squares[start : start + 32])), preprocessing)
        maps, logits, _ = network.forward_with_features(inputs)
        rows.append(torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1).numpy())
        margins.append((logits[:, 1] - logits[:, 0]).numpy())
    return average_by_radiograph(np.concatenate(rows), images), average_by_radiograph(np.concatenate(margins), images)


@torch.inference_mode()
def read_trunk(network: EfficientNetLite0, preprocessing: Preprocessing, images: LabelledImages) -> np.ndarray:
    rows = []
    for start in range(0, len(images.items), 32):
        inputs = normalize_squares(torch.from_numpy(np.array(images.squares[start : start + 32])), preprocessing)
        coarse = network.extract_coarse(inputs)
        rows.append(torch.cat([coarse.mean(dim=(2, 3)), coarse.amax(dim=(2, 3))], dim=1).numpy())
    return average_by_radiograph(np.concatenate(rows), images)


def cross_validate(features: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return each radiograph's log-odds from folds that did not hold it, averaged over repeats."""
    margins = np.zeros(len(labels))
    for repeat in range(REPEATS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=repeat)
        for train, test in folds.split(features, labels, groups):
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=2000))
            margins[test] += model.fit(features[train], labels[train]).decision_function(features[test])
    return margins / REPEATS


def describe(what: str, labels: np.ndarray, margins: np.ndarray) -> dict[str, object]:
    """Return the AUROC with its 95% interval by bootstrap over radiographs."""
    random = np.random.default_rng(0)
    draws = []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(labels), len(labels))
        if 0 < labels[drawn].sum() < len(drawn):
            draws.append(roc_auc_score(labels[drawn], margins[drawn]))
    low, high = np.percentile(draws, [2.5, 97.5])
    return {"what": what, "auroc": float(roc_auc_score(labels, margins)), "low": float(low), "high": float(high)}


if __name__ == "__main__":
    main()
