"""One report of the gate, from two checkpoints to a verdict."""

from datetime import UTC, datetime

from fracture_core.base import DatasetError, EvaluationError, PromotionError, StageProgress, get_settings
from fracture_core.datasets import find_catalog
from fracture_core.evaluation.gate.champion import explain_no_champion
from fracture_core.evaluation.gate.figures import build_side
from fracture_core.evaluation.gate.frozen_sets import TestSet, list_test_sets
from fracture_core.evaluation.gate.keep import keep_gate_report
from fracture_core.evaluation.gate.leaks import find_learned_tests
from fracture_core.evaluation.gate.lineage import list_learned
from fracture_core.evaluation.gate.measure import measure
from fracture_core.evaluation.gate.report import GateReport, GateSide, LeakCheck
from fracture_core.evaluation.gate.verdict import reach_verdict, word_unchecked
from fracture_core.networks import Checkpoint, find_served_name


def build_gate_report(
    candidate: Checkpoint,
    champion: Checkpoint | None,
    *,
    device: str | None = None,
    progress: StageProgress | None = None,
) -> GateReport:
    """Set a candidate beside the model in use, on the test radiographs that one was measured on; keep the report.

    Nothing is read twice: predictions that either checkpoint keeps of these very
    radiographs are taken as they are.

    Args:
        champion: the model in use; None where there is none on this machine.
        device: of the settings by default.
        progress: called with what is being done, how much of it, and of how much.

    Raises:
        PromotionError: the two are the same model.
        CheckpointDamagedError: the weights or the split of one are not what its manifest names.
        StoreError: the report cannot be kept.
    """
    if champion and champion.manifest.weights_sha256 == candidate.manifest.weights_sha256:
        raise PromotionError(f"'{candidate.name}' is the model in use already.", "Compare another one with it.")
    job = _Job(device or get_settings().device, progress or (lambda what, done, total: None))
    report = job.build(candidate, champion)
    keep_gate_report(report)
    return report


class _Job:
    """What all steps of one report share."""

    def __init__(self, device: str, progress: StageProgress) -> None:
        self.device = device
        self.progress = progress

    def build(self, candidate: Checkpoint, champion: Checkpoint | None) -> GateReport:
        frozen: tuple[GateSide, ...] = ()
        own: tuple[GateSide, ...] = ()
        left_out: dict[str, str] = {}
        check = LeakCheck()
        doubts: list[str] = []
        remarks: list[str] = []
        if champion is None:
            doubts.append(f"There is nothing to compare it with: {explain_no_champion()}")
        else:
            test_sets, remarks = list_test_sets(champion)
            if test_sets:
                check = find_learned_tests(test_sets, *list_learned(candidate), self.progress)
            else:
                doubts.append(
                    f"The model in use, '{champion.name}', has no figures of test radiographs to compare with."
                )
            frozen, left_out = self._measure_all(test_sets, champion, candidate)
            own, more = self._measure_own(candidate, champion, test_sets)
            remarks += more
        return GateReport(
            candidate=candidate.name,
            candidate_sha256=candidate.manifest.weights_sha256,
            champion=champion.name if champion else find_served_name(),
            champion_sha256=champion.manifest.weights_sha256 if champion else "",
            made_at=datetime.now(UTC),
            verdict=reach_verdict(frozen, left_out, check, tuple(doubts)),
            frozen=frozen,
            own=own,
            left_out=left_out,
            leak_check=check,
            remarks=tuple(remarks),
        )

    def _measure_all(
        self, test_sets: list[TestSet], champion: Checkpoint, candidate: Checkpoint
    ) -> tuple[tuple[GateSide, ...], dict[str, str]]:
        """Return both models on each set, and why some sets are left out."""
        sides: list[GateSide] = []
        left_out: dict[str, str] = {}
        for test_set in test_sets:
            try:
                side = self._measure(test_set, champion, candidate)
            except (DatasetError, EvaluationError) as error:
                left_out[test_set.dataset] = f"On '{test_set.dataset}' they could not be compared. {error.problem}"
                continue
            if side is None:
                left_out[test_set.dataset] = (
                    f"The {len(test_set.labels):,} test radiographs of '{test_set.dataset}' are not on this machine, "
                    "so that both could not be measured on them."
                )
            else:
                sides.append(side)
        return tuple(sides), left_out

    def _measure(self, test_set: TestSet, champion: Checkpoint, candidate: Checkpoint) -> GateSide | None:
        catalog = find_catalog(test_set.dataset, test_set.fingerprint, frozenset(test_set.labels))
        evaluations = [
            measure(checkpoint, test_set, catalog, device=self.device, progress=self.progress)
            for checkpoint in (champion, candidate)
        ]
        if evaluations[0] is None or evaluations[1] is None:
            return None
        has_changed = catalog is not None and catalog.fingerprint != test_set.fingerprint
        note = (
            f"'{test_set.dataset}' has changed since; both models have read its test radiographs anew."
            if has_changed
            else ""
        )
        return build_side(evaluations[0], evaluations[1], note)

    def _measure_own(
        self, candidate: Checkpoint, champion: Checkpoint, frozen: list[TestSet]
    ) -> tuple[tuple[GateSide, ...], list[str]]:
        """Return both models on the candidate's own test radiographs, where these are others than the champion's."""
        own, remarks = list_test_sets(candidate)
        if not own:
            remarks.append(f"'{candidate.name}' has no test radiographs of its own.")
        known = {(each.fingerprint, frozenset(each.labels)) for each in frozen}
        others = [each for each in own if (each.fingerprint, frozenset(each.labels)) not in known]
        if not others:
            return (), remarks
        check = find_learned_tests(others, *list_learned(champion), self.progress)
        sides, _ = self._measure_all(others, champion, candidate)
        return tuple(side.model_copy(update={"note": _word_own(side, check)}) for side in sides), remarks


def _word_own(side: GateSide, check: LeakCheck) -> str:
    """Return what is unfair in comparing on the candidate's own radiographs."""
    seen = sum(leak.dataset == side.dataset for leak in check.leaks)
    if seen:
        of_all = f"{seen:,} of these {side.comparison.n:,} radiographs"
        return f"The model in use learned from {of_all}: its figures here are too good."
    if check.unchecked:
        return word_unchecked(check.unchecked[0]).replace("Whether it learned", "Whether the model in use learned", 1)
    return side.note
