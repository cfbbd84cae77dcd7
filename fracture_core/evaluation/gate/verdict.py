"""What the figures amount to: may the candidate take the place of the model in use?

Worse is told in two ways, each by the 95% interval of a bootstrap over groups:

- the AUROC is lower: it ranks radiographs less well, whatever the operating point;
- the sensitivity at the balanced operating point is lower: it misses more fractures
  as it would be used. A missed fracture costs more than a false alarm, and an AUROC
  may stay while the operating point moves, so that this line holds by itself. A
  candidate that trades fractures for fewer alarms needs a person who says so.
"""

from collections.abc import Iterator

from fracture_core.evaluation.gate.report import GateSide, GateVerdict, LeakCheck, VerdictLevel
from fracture_core.evaluation.metrics import Metric

# With four groups of a class there are 35 different resamples: the outermost 2.5% is less than one of them.
LEAST_GROUPS = 5
_HEADLINES: dict[VerdictLevel, str] = {
    "better": "Better than the model in use, by more than chance explains.",
    "not worse": "Not worse than the model in use: what difference there is, chance explains.",
    "worse": "Worse than the model in use, by more than chance explains.",
    "leaks": "It has seen test radiographs: its figures on them are too good to be compared.",
    "unproven": "Whether it is better or worse than the model in use is not proven.",
}
_MISSES = "It misses more fractures than the model in use, by more than chance explains."


def reach_verdict(
    frozen: tuple[GateSide, ...], left_out: dict[str, str], check: LeakCheck, doubts: tuple[str, ...] = ()
) -> GateVerdict:
    """Return the verdict with its reasons.

    Args:
        frozen: both models on the test radiographs of the model in use.
        left_out: reason by data set of the test radiographs that could not be measured.
        doubts: why there is nothing to compare with, or not all.
    """
    judged = [side for side in frozen if is_large_enough(side)]
    doubts = (*doubts, *left_out.values(), *(word_unchecked(reason) for reason in check.unchecked))
    level: VerdictLevel
    if check.leaks:
        level = "leaks"
    elif any(is_worse(side) for side in judged):
        level = "worse"
    elif doubts or not judged:
        level = "unproven"
    elif any(is_better(side) for side in judged):
        level = "better"
    else:
        level = "not worse"
    # What decided stands first.
    sides = sorted(frozen, key=lambda side: not (is_large_enough(side) and is_worse(side)))
    figures = [sentence for side in sides for sentence in _word_side(side)]
    reasons = (*figures, *doubts) if level == "worse" else (*doubts, *figures)
    misses_only = level == "worse" and not any(_is_below(side.comparison.auroc_difference) for side in judged)
    headline = _MISSES if misses_only else _HEADLINES[level]
    return GateVerdict(level=level, sentences=(headline, *_word_leaks(check), *reasons))


def is_large_enough(side: GateSide) -> bool:
    """Return whether a side has enough independent groups of each class to tell anything."""
    return min(side.n_fractured_groups, side.n_other_groups) >= LEAST_GROUPS


def is_worse(side: GateSide) -> bool:
    """Return whether AUROC or sensitivity are lower beyond their interval."""
    return _is_below(side.comparison.auroc_difference) or _is_below(side.sensitivity_difference)


def is_better(side: GateSide) -> bool:
    """Return whether the AUROC is higher beyond its interval, and nothing is worse."""
    low = side.comparison.auroc_difference.low
    return low is not None and low > 0 and not is_worse(side)


def word_difference(name: str, champion: Metric, candidate: Metric, difference: Metric) -> str:
    """Return one sentence that sets two figures side by side."""
    low, high = difference.low, difference.high
    if champion.value is None or candidate.value is None or difference.value is None or low is None or high is None:
        return f"{name} is not defined on these radiographs."
    if difference.value == low == high == 0:
        return f"{name} {candidate.value:.2f} (n = {difference.n:,}), the same as of the model in use."
    beyond = low > 0 or high < 0
    chance = "more than chance explains" if beyond else "which chance may explain"
    return (
        f"{name} {candidate.value:.2f} against {champion.value:.2f} of the model in use: a difference of "
        f"{format_difference(difference)}, {chance}."
    )


def format_difference(difference: Metric) -> str:
    """Return a difference with its sign, interval and n, such as ``−0.07 (95% interval −0.12 to −0.03, n = 630)``."""
    if difference.value is None or difference.low is None or difference.high is None:
        return f"not defined (n = {difference.n:,})"
    value, low, high = (
        f"{number:+.2f}".replace("-", "−") for number in (difference.value, difference.low, difference.high)
    )
    return f"{value} (95% interval {low} to {high}, n = {difference.n:,})"


def word_unchecked(reason: str) -> str:
    """Return why leaks could not be ruled out."""
    return f"Whether it learned from test radiographs could not be checked. {reason}"


def _is_below(difference: Metric) -> bool:
    return difference.high is not None and difference.high < 0


def _word_leaks(check: LeakCheck) -> Iterator[str]:
    if check.leaks:
        first = ", ".join(
            leak.name if leak.name == leak.learned_name else f"{leak.name} (learned as {leak.learned_name})"
            for leak in check.leaks[:3]
        )
        more = f" and {len(check.leaks) - 3:,} more" if len(check.leaks) > 3 else ""
        yield (
            f"{len(check.leaks):,} of the {check.n_checked:,} test radiographs, or copies of them or other views of "
            f"their exams, are among the files it learned from: {first}{more}."
        )


def _word_side(side: GateSide) -> Iterator[str]:
    comparison = side.comparison
    where = f"On the {comparison.n:,} test radiographs of '{side.dataset}' ({comparison.n_groups:,} independent groups)"
    if not is_large_enough(side):
        yield (
            f"{where}, nothing can be told: {side.n_fractured_groups:,} groups hold fractures and "
            f"{side.n_other_groups:,} none, and {LEAST_GROUPS} of each are the least."
        )
        return
    auroc, *at_point = (
        word_difference(title, side.champion[name], side.candidate[name], difference)
        for title, name, difference in (
            ("AUROC", "auroc", comparison.auroc_difference),
            ("Sensitivity at the operating point", "sensitivity", side.sensitivity_difference),
            ("Specificity at the operating point", "specificity", side.specificity_difference),
        )
    )
    decided_by_misses = is_worse(side) and not _is_below(comparison.auroc_difference)
    first, *rest = (*at_point, auroc) if decided_by_misses else (auroc, *at_point)
    yield f"{where}: {first}"
    yield from rest
    low = comparison.auroc_difference.low
    if low is not None and low < 0 and not is_worse(side):
        yield f"A loss of AUROC of up to {-low:.2f} cannot be ruled out with so many radiographs."
    if side.note:
        yield side.note
