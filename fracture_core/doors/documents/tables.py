"""The tables of one evaluation, or of several beside each other."""

from collections.abc import Iterable

from fracture_core.doors.documents.markdown import build_table, word_metric, word_metric_n
from fracture_core.evaluation import CalibrationFigures, Evaluation, Figures, Localisation
from fracture_core.networks import CALLS

METRICS = {
    "auroc": "AUROC",
    "accuracy": "Accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
}
SIDES = {"val": "validation", "train": "training"}
_AT_A_POINT = tuple(name for name in METRICS if name != "auroc")
_LOCALISATION = {
    "pointing": ("Peak inside a mark (pointing game, strict)", "centre", "random"),
    "pointing tolerant": ("Peak inside or just beside (pointing game, tolerant)", "centre tolerant", "random tolerant"),
    "energy": ("Share of the heatmap's energy inside marks", "", "random"),
    "iou": ("Overlap with the marks (IoU), mean", "", ""),
    "iou at least 0.1": ("Share with IoU ≥ 0.1", "", ""),
    "iou at least 0.3": ("Share with IoU ≥ 0.3", "", ""),
}


def name_data(evaluation: Evaluation) -> str:
    """Return what was evaluated, such as ``FracAtlas, validation``."""
    side = SIDES.get(evaluation.split, evaluation.split)
    return f"{evaluation.dataset}, {side}" + (f" ({evaluation.mark})" if evaluation.mark else "")


def build_headlines(evaluations: Iterable[Evaluation]) -> str:
    """Return one row an evaluation; where a radiograph has copies, a second row counts radiographs."""
    rows: list[list[object]] = []
    for evaluation in evaluations:
        mark = evaluation.short_mark
        parts: list[tuple[Evaluation | Figures, str]] = [(evaluation, "file")]
        if evaluation.per_radiograph is not None:
            parts.append((evaluation.per_radiograph, "radiograph"))
        for figures, unit in parts:
            counts = [evaluation.checkpoint, name_data(evaluation), unit, f"{figures.n:,}", f"{figures.n_groups:,}"]
            values = [word_metric(figures.metrics.get(name), mark) for name in METRICS]
            rows.append([*counts, f"{figures.n_fractured:,}", *values])
    head = ("Checkpoint", "Data", "Per", "n", "Groups", "Fractured", *METRICS.values())
    return build_table(head, rows) if rows else "No evaluation came with a checkpoint yet."


def build_points(evaluation: Evaluation) -> str:
    """Return the figures at each stored operating point."""
    rows = [
        [
            name.replace("_", " "),
            f"{point.threshold:.3f}",
            *(word_metric_n(point.metrics.get(m)) for m in _AT_A_POINT),
            point.rule,
        ]
        for name, point in evaluation.operating_points.items()
    ]
    head = ("Operating point", "Called from p", *(METRICS[name] for name in _AT_A_POINT), "Chosen as")
    return build_table(head, rows) if rows else "Figures at the operating points were not recorded."


def build_calls(evaluation: Evaluation) -> str:
    """Return how the three-way calls fell."""
    calls = evaluation.calls
    if calls is None:
        return "Three-way calls were not recorded."
    rows = []
    for title, counts in (("Fractured", calls.fractured), ("Not fractured", calls.not_fractured)):
        total = sum(counts.values())
        rows.append(
            [title, *(f"{counts.get(call, 0):,} ({_share(counts.get(call, 0), total)})" for call in CALLS), total]
        )
    table = build_table(("", *CALLS, "n"), rows)
    return (
        f"{table}\n\nCalled uncertain: {word_metric_n(calls.uncertain)}. "
        f"Accuracy of the other calls: {word_metric_n(calls.accuracy_of_certain)}."
    )


def build_calibration(calibration: CalibrationFigures | None) -> str:
    """Return calibration error, Brier score, log loss, and the reliability table."""
    if calibration is None:
        return "Calibration was not recorded."
    rows = [[f"{each.mean_p:.3f}", word_metric(each.fractured), f"{each.fractured.n:,}"] for each in calibration.bins]
    return (
        f"Expected calibration error {word_metric_n(calibration.ece)} (bins of equal mass); Brier score "
        f"{word_metric(calibration.brier)}; log loss {word_metric(calibration.log_loss)}; temperature "
        f"{calibration.temperature:.3f}.\n\n" + build_table(("Mean p", "Share fractured", "n"), rows)
    )


def build_subgroups(evaluation: Evaluation) -> str:
    """Return the figures by region, view, hardware and data set."""
    shown = ("auroc", "sensitivity", "specificity", "ppv", "npv")
    rows = [
        [
            part.kind,
            part.name,
            f"{part.n:,}",
            f"{part.n_groups:,}",
            f"{part.n_fractured:,}",
            *(word_metric(part.metrics.get(name)) for name in shown),
        ]
        for part in evaluation.subgroups
    ]
    head = ("By", "Part", "n", "Groups", "Fractured", *(METRICS[name] for name in shown))
    if not rows:
        return "Figures of subgroups were not recorded."
    return build_table(head, rows) + "\n\nA file with two views counts in both."


def build_localisation(localisation: Localisation | None) -> str:
    """Return how well the heatmaps find the marks, beside the centre and a random point."""
    if localisation is None:
        return "Localisation was not recorded, or no fractured radiograph has marks."
    figures = localisation.figures
    rows = [
        [title, word_metric(figures.get(name)), word_metric(figures.get(centre)), word_metric(figures.get(chance))]
        for name, (title, centre, chance) in _LOCALISATION.items()
    ]
    parts = [*localisation.by_region.items(), *((f"fracture {call}", f) for call, f in localisation.by_call.items())]
    names = ("pointing", "pointing tolerant", "energy", "centre", "random")
    by_part = [[part, f["pointing"].n, *(word_metric(f.get(name)) for name in names)] for part, f in parts]
    return (
        f"{localisation.n:,} fractured radiographs with marks, of {localisation.n_groups:,} groups, whether they were "
        f"called or not. Tolerant: within {localisation.tolerance:.0%} of the longer side (15 px of some 500, as "
        f"Zhang et al. 2016 allow). For the overlap, the heatmap counts as marked from {localisation.iou_level:.0%} of "
        "its full scale on, a level that was fixed and fitted to nothing. The centre and a random point need no "
        "network; a random point's figure is also the energy of a map that is the same all over.\n\n"
        + build_table(("", "Heatmap", "Centre", "Random point"), rows)
        + "\n\n"
        + build_table(("Part", "n", "Strict", "Tolerant", "Energy", "Centre", "Random point"), by_part)
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
