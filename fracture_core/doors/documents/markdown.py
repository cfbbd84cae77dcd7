"""Tables and figures in Markdown."""

from collections.abc import Iterable, Sequence

from fracture_core.evaluation import Metric

NOT_RECORDED = "–"


def build_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; a bar in a cell is escaped."""
    lines = [_join(head), _join(["---"] * len(head)), *(_join(row) for row in rows)]
    return "\n".join(lines)


def build_document(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, an empty line between them."""
    return "\n\n".join(part for part in parts if part) + "\n"


def word_metric(metric: Metric | None, mark: str = "") -> str:
    """Return a figure with its interval, such as ``0.794 [0.730, 0.858]``, and the mark that it has to carry."""
    if metric is None or metric.value is None:
        return NOT_RECORDED
    interval = "no interval" if metric.low is None else f"{metric.low:.3f}, {metric.high:.3f}"
    return f"{metric.value:.3f} [{interval}]" + (f" ({mark})" if mark else "")


def word_metric_n(metric: Metric | None, mark: str = "") -> str:
    """Return a figure with its interval and n."""
    return word_metric(metric, mark) + (f", n = {metric.n:,}" if metric is not None else "")


def word_list(words: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _join(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
