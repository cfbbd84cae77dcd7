"""An evaluation as text: a figure a line, with its interval and its n."""

from collections.abc import Iterator

from fracture_core.evaluation import Evaluation, Localisation, Metric, Subgroup

_HEADER = f"{'':<24}{'figure':>7}  {'95% interval':<16}  n"
_LOCALISATION = {
    "pointing": "peak in a mark",
    "pointing tolerant": "  or just beside",
    "energy": "energy in marks",
    "iou": "overlap (IoU)",
    "iou at least 0.1": "  IoU >= 0.1",
    "iou at least 0.3": "  IoU >= 0.3",
    "centre": "centre in a mark",
    "random": "random point in a mark",
}


def print_evaluation(evaluation: Evaluation, *, brief: bool = True) -> None:
    """Print the figures at the balanced point, and all others where not ``brief``; each line carries the mark."""
    mark = f"  {evaluation.mark}" if evaluation.mark else ""
    for line in _list_lines(evaluation, brief):
        print(f"{line}{mark}" if line else "")


def format_metric(name: str, metric: Metric) -> str:
    """Return one line, such as ``  auroc    0.820  [0.764, 0.869]    630``."""
    if metric.value is None or metric.low is None or metric.high is None:
        return f"  {name:<22}{'not defined':>25}  {metric.n}"
    return f"  {name:<22}{metric.value:>7.3f}  [{metric.low:.3f}, {metric.high:.3f}]  {metric.n}"


def _list_lines(evaluation: Evaluation, brief: bool) -> Iterator[str]:
    yield (
        f"{evaluation.dataset}, {evaluation.split}: {evaluation.n} files of {evaluation.n_groups} groups, "
        f"{evaluation.n_fractured} fractured; called fractured from p = {evaluation.threshold:.2f} on"
    )
    yield from _list_metrics(evaluation.metrics)
    if brief:
        return
    if evaluation.per_radiograph:
        figures = evaluation.per_radiograph
        yield ""
        yield f"by radiograph, copies averaged: {figures.n} radiographs, {figures.n_fractured} fractured"
        yield from _list_metrics(figures.metrics)
    yield from _list_points(evaluation)
    yield from _list_calibration(evaluation)
    yield from _list_subgroups(evaluation.subgroups)
    if evaluation.localisation:
        yield from _list_localisation(evaluation.localisation)


def _list_metrics(metrics: dict[str, Metric]) -> Iterator[str]:
    yield _HEADER
    yield from (format_metric(name, metric) for name, metric in metrics.items())


def _list_points(evaluation: Evaluation) -> Iterator[str]:
    for name, point in evaluation.operating_points.items():
        if name != "balanced":
            yield ""
            yield f"{name.replace('_', ' ')} point, p = {point.threshold:.2f}: {point.rule}"
            yield from _list_metrics(point.metrics)
    if evaluation.calls:
        calls = evaluation.calls
        yield ""
        yield "three-way calls"
        for name, counts in (("fractured", calls.fractured), ("not fractured", calls.not_fractured)):
            yield f"  {name:<22}" + ", ".join(f"{count} {call}" for call, count in counts.items())
        yield format_metric("share uncertain", calls.uncertain)
        yield format_metric("accuracy of the others", calls.accuracy_of_certain)


def _list_calibration(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.calibration:
        calibration = evaluation.calibration
        yield ""
        yield f"calibration, temperature {calibration.temperature:.2f}, {len(calibration.bins)} bins of equal mass"
        yield format_metric("calibration error", calibration.ece)
        yield format_metric("Brier score", calibration.brier)
        yield format_metric("log loss", calibration.log_loss)


def _list_subgroups(subgroups: tuple[Subgroup, ...]) -> Iterator[str]:
    for subgroup in subgroups:
        yield ""
        yield (
            f"{subgroup.kind} {subgroup.name}: {subgroup.n} files of {subgroup.n_groups} groups, "
            f"{subgroup.n_fractured} fractured"
        )
        for name in ("auroc", "sensitivity", "specificity"):
            yield format_metric(name, subgroup.metrics[name])


def _list_localisation(localisation: Localisation) -> Iterator[str]:
    yield ""
    yield (
        f"heatmaps of {localisation.n} fractured files with marks, from {localisation.iou_level:.0%} of full scale on; "
        f"just beside: within {localisation.tolerance:.0%} of the longer side"
    )
    yield from _list_metrics({title: localisation.figures[name] for name, title in _LOCALISATION.items()})
    yield from (format_metric(f"  peak, {region}", each["pointing"]) for region, each in localisation.by_region.items())
