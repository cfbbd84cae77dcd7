"""Taking a checkpoint into use, and going back; each is a person's decision with a reason."""

from fracture_core.base import CheckpointError, PromotionError
from fracture_core.evaluation.gate.champion import find_champion
from fracture_core.evaluation.gate.keep import find_gate_report
from fracture_core.evaluation.gate.report import GateReport
from fracture_core.networks import (
    ServedModel,
    ServingRecord,
    find_checkpoint,
    find_promoted_checkpoint,
    find_served_model,
    list_earlier_models,
    record_promotion,
    record_rollback,
)

LEAST_REASON = 3  # characters
LEAST_FORCED_REASON = 20  # of a reason to go against the verdict: a sentence, not a word
_LONGEST_NAME = 120


def promote_checkpoint(
    name: str, *, who: str, reason: str, force: bool = False, seen: str | None = None
) -> ServingRecord:
    """Make a checkpoint the model in use, in one step: it is in use, or nothing has changed.

    Args:
        force: go against a verdict of worse, leaks or unproven.
        seen: SHA-256 of the weights of the model in use as the person saw it; None for the present one.

    Raises:
        PromotionError: no reason, no report of this very pair, or a verdict against it;
            or another model has come into use since the person looked.
        CheckpointError: the checkpoint is not there, or is damaged.
    """
    served, candidate, champion = find_served_model(), find_checkpoint(name), find_champion()
    present = champion.manifest.weights_sha256 if champion else ""
    if seen is not None and seen != present:
        raise PromotionError(
            f"The model in use is '{served.name}' now, not the one you saw. Nothing was changed.",
            "Compare with that one, and decide anew.",
        )
    if present == candidate.manifest.weights_sha256:
        raise PromotionError(f"'{name}' is the model in use already.", "There is nothing to change.")
    report = find_gate_report(candidate, champion)
    _check_person(who, reason)
    _check_verdict(name, report, reason, force)
    candidate.load_network()  # verifies the weights
    return record_promotion(
        ServedModel(candidate.name, candidate.manifest.weights_sha256),
        served if served.sha256 else ServedModel(served.name, present),
        who=who.strip(),
        reason=reason.strip(),
        verdict=report.verdict.level if report else "",
        forced=bool(report and report.verdict.needs_force),
    )


def roll_back_promotion(*, who: str, reason: str, seen: str | None = None) -> ServingRecord:
    """Take the model before the present one into use again; done twice, the one before that.

    A model that has gone or is damaged is passed over, and the history says so.

    Args:
        seen: SHA-256 of the weights of the model in use as the person saw it; None for the present one.

    Raises:
        PromotionError: no reason, nothing to go back to, or another model has come
            into use since the person looked.
    """
    _check_person(who, reason)
    served, earlier = find_served_model(), list_earlier_models()
    if seen is not None and seen != served.sha256:
        raise PromotionError(
            f"The model in use is '{served.name}' now, not the one you saw. Nothing was changed.", "Look again."
        )
    if not earlier:
        raise PromotionError(
            f"There is nothing to roll back to: no promotion came before '{served.name}'.",
            "Promote another model instead.",
        )
    passed: list[str] = []
    for model in earlier:
        try:
            checkpoint = find_promoted_checkpoint(model)
            checkpoint.load_network()  # verifies the weights
        except CheckpointError:
            passed.append(model.name)
            continue
        over = f" (Passed over, gone or damaged: {', '.join(passed)}.)" if passed else ""
        target = ServedModel(model.name, checkpoint.manifest.weights_sha256)
        return record_rollback(target, served, who=who.strip(), reason=f"{reason.strip()}{over}")
    raise PromotionError(
        f"None of the models before '{served.name}' can be used any more: {', '.join(passed)}.",
        "Put one of their folders back, or promote another model.",
    )


def _check_person(who: str, reason: str) -> None:
    if not who.strip() or len(who.strip()) > _LONGEST_NAME:
        raise PromotionError("It is not told who decides.", f"Give a name, of {_LONGEST_NAME} characters at most.")
    if len(reason.strip()) < LEAST_REASON:
        raise PromotionError("A reason is missing.", "Write in a few words why; it is kept in the history.")


def _check_verdict(name: str, report: GateReport | None, reason: str, force: bool) -> None:
    if report is None:
        raise PromotionError(
            f"'{name}' has not been compared with the model in use.",
            f"Compare them first: Compare now on the page Retrain, or python -m fracture_core gate {name}.",
        )
    if not report.verdict.needs_force:
        return
    if not force:
        raise PromotionError(
            f"The gate speaks against '{name}': {' '.join(report.verdict.sentences[:2])}",
            "Train another one, or force the promotion with a written reason.",
        )
    if len(reason.strip()) < LEAST_FORCED_REASON:
        raise PromotionError(
            f"A reason to go against the verdict takes {LEAST_FORCED_REASON} characters at least.",
            "Write why this model is to be used all the same.",
        )
