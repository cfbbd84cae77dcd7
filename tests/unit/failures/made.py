"""Evaluations made up by a seed: any number of files, with copies, groups, regions and reviews."""

import numpy as np

from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Evaluation, PointFigures, Prediction
from fracture_core.failures.reviews.records import Review
from fracture_core.store.words import Call

LOW, BALANCED, HIGH = 0.3, 0.5, 0.7
REGIONS = ("hand", "leg", "shoulder", None)
VIEWS = ((), ("frontal",), ("lateral",), ("frontal", "lateral"))
SIZES = ((None, None), (400, 373), (800, 600), (2304, 2880))


def make_prediction(name: str, label: int, p_fracture: float, **fields: object) -> Prediction:
    """Return a prediction whose kind and call follow from the probability."""
    call: Call = "positive" if p_fracture >= HIGH else "negative" if p_fracture < LOW else "uncertain"
    values = {"group": name, "radiograph": name, "call": call, "correct": (p_fracture >= BALANCED) == (label == 1)}
    return Prediction(name=name, label=label, p_fracture=p_fracture, **(values | fields))


def make_evaluation(predictions: list[Prediction], checkpoint: str = "made", dataset: str = "set") -> Evaluation:
    """Return an evaluation of them; its own figures are of no matter here."""
    metric = Metric(value=None, low=None, high=None, n=len(predictions))
    points = {"high_sensitivity": LOW, "balanced": BALANCED, "high_specificity": HIGH}
    return Evaluation(
        checkpoint=checkpoint,
        weights_sha256="0" * 64,
        dataset=dataset,
        fingerprint="0" * 64,
        split="test",
        threshold=BALANCED,
        n=len(predictions),
        n_groups=len({item.group for item in predictions}),
        n_fractured=sum(item.label for item in predictions),
        metrics={"accuracy": metric},
        operating_points={name: PointFigures(threshold=at, rule="", metrics={}) for name, at in points.items()},
        predictions=tuple(predictions),
    )


def draw_predictions(count: int, seed: int = 0, copies: int = 4) -> list[Prediction]:
    """Return ``count`` files, up to so many copies a radiograph, read well but not perfectly."""
    random = np.random.default_rng(seed)
    predictions = []
    for index in range(count):
        radiograph = index // copies
        label, place = radiograph % 2, radiograph % len(REGIONS)
        width_px, height_px = SIZES[(radiograph // 3) % len(SIZES)]
        logit = random.normal(1.2 if label else -1.2, 1.5)
        predictions.append(
            make_prediction(
                f"{index % 7}/Image{index:05d}.png",
                label,
                round(float(1 / (1 + np.exp(-logit))), 6),
                radiograph=f"radiograph {radiograph}",
                group=f"group {radiograph // 2}",
                region=REGIONS[place],
                views=VIEWS[(radiograph // 2) % len(VIEWS)],
                hardware=(None, True, False)[radiograph % 3],
                width_px=width_px,
                height_px=height_px,
            )
        )
    return predictions


def draw_reviews(predictions: list[Prediction]) -> dict[str, Review]:
    """Return what was said of every fifth file."""
    tags = ((), ("cast",), ("cast", "look, again"))
    return {
        item.name: Review(tags=tags[number % 3], reviewed=number % 2 == 0, proposed_label=(None, 0, 1)[number % 3])
        for number, item in enumerate(predictions[::5])
    }
