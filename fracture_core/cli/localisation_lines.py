"""Figures of localisation in words, for ``evaluate``."""

from fracture_core.evaluation.records import Localisation

_LINES = {
    "pointing": "peak in mark",
    "pointing tolerant": "  or just beside",
    "iou": "overlap (IoU)",
    "iou at least 0.1": "  IoU >= 0.1",
    "iou at least 0.3": "  IoU >= 0.3",
    "energy": "energy in mark",
    "centre": "centre in mark",
    "random": "random point",
}


def print_localisation(localisation: Localisation) -> None:
    """Print one figure a line, with interval, and the peak's hits by region."""
    print(
        f"    heatmaps of {localisation.n} fractured files with marks; just beside: {localisation.tolerance:.0%} of "
        f"the side, marked from {localisation.iou_level:.0%} of full scale on"
    )
    named = [(title, localisation.figures[name]) for name, title in _LINES.items()]
    named += [(f"  peak, {region}", figures["pointing"]) for region, figures in localisation.by_region.items()]
    for title, metric in named:
        print(f"      {title:<18} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]  n = {metric.n}")
