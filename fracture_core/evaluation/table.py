"""Predictions as a table, for a spreadsheet or another program."""

import csv
import io
from pathlib import Path

from fracture_core.base import quote_cell, write_atomically
from fracture_core.evaluation.records import Evaluation, Prediction

COLUMNS = (
    "name",
    "label",
    "p_fracture",
    "call",
    "group",
    "radiograph",
    "region",
    "views",
    "hardware",
    "width_px",
    "height_px",
    "correct",
    "mark",
)


def write_predictions(path: Path, evaluation: Evaluation) -> None:
    """Write one row a radiograph as CSV in UTF-8, whole or not at all.

    ``label`` is 1 for fractured; what is not known stays empty; several views
    are joined by "+". ``mark`` tells rows of a leaky side.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((*_build_row(prediction), evaluation.mark) for prediction in evaluation.predictions)
    write_atomically(path, buffer.getvalue().encode("utf-8"))


def _build_row(prediction: Prediction) -> tuple[object, ...]:
    return (
        quote_cell(prediction.name),
        prediction.label,
        f"{prediction.p_fracture:.6f}",
        prediction.call or "",
        quote_cell(prediction.group),
        quote_cell(prediction.radiograph),
        quote_cell(prediction.region or ""),
        "+".join(prediction.views),
        "" if prediction.hardware is None else int(prediction.hardware),
        prediction.width_px or "",
        prediction.height_px or "",
        int(prediction.correct),
    )
