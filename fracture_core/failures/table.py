"""An evaluation as columns, built once, so that filters, counts and orders take milliseconds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fracture_core.datasets import LABELS
from fracture_core.evaluation import Evaluation, Prediction
from fracture_core.failures.changes import FailureChanges, compare_failures
from fracture_core.failures.facet import Facet
from fracture_core.failures.filters import KNOWN_WORDS, NOT_KNOWN, SIZES, YES_NO
from fracture_core.failures.label_errors import measure_margins, rank_label_errors
from fracture_core.failures.reviews.records import Review

_LEAST_P = 1e-7  # a call with certainty does not make the loss infinite
_HARDWARE = {True: "visible", False: "none", None: NOT_KNOWN}


@dataclass(frozen=True, eq=False)
class FailureTable:
    """An evaluation, what people said of its files, and how another checkpoint read them.

    Attributes:
        frame: a row a file, in the order of the predictions; columns name, searched (in one case), label,
            p_fracture, wrong, call, kind, radiograph (a number), region, hardware, size, change, reviewed,
            label_doubted, loss, distance (to the balanced point).
        facets: by the name of the filter's field.
        orders: ``(N,)`` rows by the name of the order.
        n_files, n_wrong: ``(R,)`` by the number of the radiograph, in the whole evaluation.
        changes: against ``other``; None without.
    """

    evaluation: Evaluation
    reviews: Mapping[str, Review]
    other: Evaluation | None
    frame: pd.DataFrame
    facets: dict[str, Facet]
    orders: dict[str, np.ndarray]
    n_files: np.ndarray
    n_wrong: np.ndarray
    changes: FailureChanges | None
    radiographs: dict[str, int] = field(default_factory=dict)

    @classmethod
    def build(
        cls, evaluation: Evaluation, reviews: Mapping[str, Review] | None = None, other: Evaluation | None = None
    ) -> "FailureTable":
        """Return the table of an evaluation.

        Args:
            reviews: by file name.
            other: of another checkpoint, on the same data set.
        """
        reviews = reviews or {}
        changes = compare_failures(evaluation, other) if other else None
        predictions = evaluation.predictions
        codes, radiographs = pd.factorize(np.array([item.radiograph for item in predictions], dtype=object))
        frame = _build_frame(evaluation, reviews, changes).assign(radiograph=codes)
        wrong = frame["wrong"].to_numpy()
        return cls(
            evaluation=evaluation,
            reviews=reviews,
            other=other,
            frame=frame,
            facets=_build_facets(frame, predictions, reviews),
            orders=_build_orders(frame, evaluation),
            n_files=np.bincount(codes, minlength=len(radiographs)),
            n_wrong=np.bincount(codes, weights=wrong, minlength=len(radiographs)).astype(np.int64),
            changes=changes,
            radiographs={name: number for number, name in enumerate(radiographs)},
        )


def name_size(prediction: Prediction) -> str:
    """Return the class of a file's longer side."""
    if prediction.width_px is None or prediction.height_px is None:
        return NOT_KNOWN
    longer_px = max(prediction.width_px, prediction.height_px)
    return SIZES[0] if longer_px < 512 else SIZES[1] if longer_px < 1024 else SIZES[2]


def name_hardware(prediction: Prediction) -> str:
    """Return whether metal hardware is visible, in the filter's words."""
    return _HARDWARE[prediction.hardware]


def is_doubted(review: Review) -> bool:
    """Return whether somebody proposes a label."""
    return review.proposed_label is not None


def _build_frame(evaluation: Evaluation, reviews: Mapping[str, Review], changes: FailureChanges | None) -> pd.DataFrame:
    predictions = evaluation.predictions
    change_of = changes.list_by_file() if changes else {}
    of_file = [reviews.get(item.name) for item in predictions]
    frame = pd.DataFrame(
        {
            "name": np.array([item.name for item in predictions], dtype=object),
            "searched": np.array([item.name.casefold() for item in predictions], dtype=object),
            "label": np.array([item.label for item in predictions], np.int64),
            "p_fracture": np.array([item.p_fracture for item in predictions], np.float64),
            "wrong": np.array([not item.correct for item in predictions], bool),
            "call": np.array([item.call or "" for item in predictions], dtype=object),
            "kind": np.array([item.kind for item in predictions], dtype=object),
            "region": np.array([item.region or NOT_KNOWN for item in predictions], dtype=object),
            "hardware": np.array([name_hardware(item) for item in predictions], dtype=object),
            "size": np.array([name_size(item) for item in predictions], dtype=object),
            "change": np.array([change_of.get(item.name, "") for item in predictions], dtype=object),
            "reviewed": np.array([review is not None and review.reviewed for review in of_file], bool),
            "label_doubted": np.array([review is not None and is_doubted(review) for review in of_file], bool),
        }
    )
    p_label = np.where(frame["label"] == 1, frame["p_fracture"], 1 - frame["p_fracture"])
    return frame.assign(
        loss=-np.log(np.clip(p_label, _LEAST_P, 1.0)), distance=(frame["p_fracture"] - evaluation.threshold).abs()
    )


def _build_facets(
    frame: pd.DataFrame, predictions: tuple[Prediction, ...], reviews: Mapping[str, Review]
) -> dict[str, Facet]:
    wrong, uncertain = frame["wrong"], frame["call"] == "uncertain"
    shown = [("all", *["wrong"] * w, *["uncertain"] * u) for w, u in zip(wrong, uncertain, strict=True)]
    kinds = [(kind, *["uncertain"] * u) for kind, u in zip(frame["kind"], uncertain, strict=True)]
    words: dict[str, Iterable[Iterable[str]]] = {
        "show": shown,
        "kinds": kinds,
        "regions": ((region,) for region in frame["region"]),
        "views": (item.views or (NOT_KNOWN,) for item in predictions),
        "hardware": ((word,) for word in frame["hardware"]),
        "sizes": ((size,) for size in frame["size"]),
        "changes": ((change,) if change else () for change in frame["change"]),
        "tags": (reviews[item.name].tags if item.name in reviews else () for item in predictions),
        "reviewed": ((YES_NO[bool(value)],) for value in frame["reviewed"]),
        "label_doubted": ((YES_NO[bool(value)],) for value in frame["label_doubted"]),
        "calls": ((call,) if call else () for call in frame["call"]),
        "labels": ((LABELS[label],) for label in frame["label"]),
    }
    radiographs = frame["radiograph"].to_numpy()
    return {name: Facet.build(of_files, radiographs, KNOWN_WORDS.get(name, ())) for name, of_files in words.items()}


def _build_orders(frame: pd.DataFrame, evaluation: Evaluation) -> dict[str, np.ndarray]:
    """Return the rows in each order; equal ones by name."""
    names = frame["name"].to_numpy()
    by_name = np.argsort(names, kind="stable") if len(names) else np.array([], np.int64)
    wrong, loss = frame["wrong"].to_numpy(), frame["loss"].to_numpy()
    margins = measure_margins(frame["label"].to_numpy(), frame["p_fracture"].to_numpy())
    doubt = {(item.radiograph, item.given): rank for rank, item in enumerate(rank_label_errors(evaluation))}
    ranks = np.array([doubt.get((item.radiograph, item.label), len(doubt)) for item in evaluation.predictions])
    keys = {
        "wrongness": (margins, ~wrong),  # the last key weighs most
        "loss": (-loss,),
        "distance": (frame["distance"].to_numpy(),),
        "label error": (margins, ranks),
        "name": (),
    }
    return {
        order: by_name[np.lexsort(tuple(key[by_name] for key in of_order))] if of_order else by_name
        for order, of_order in keys.items()
    }
