"""The meaning of a call, counted in the test predictions that came with the checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

from fracture_core.evaluation.kept import find_shipped_evaluations
from fracture_core.evaluation.meaning.limits import explain_limits
from fracture_core.evaluation.meaning.shares import count_share, word_share
from fracture_core.evaluation.records import Evaluation
from fracture_core.networks import Checkpoint, OperatingPoints, decide_call
from fracture_core.radiographs import find_body_part
from fracture_core.store import Call

_MOVES: dict[Call, str] = {
    "positive": "Where fractures are rarer, fewer of the radiographs called positive have one.",
    "uncertain": "Where fractures are more frequent, more of the radiographs called uncertain have one.",
    "negative": "Where fractures are more frequent, more of the radiographs called negative have one.",
}


@dataclass(frozen=True)
class CallMeaning:
    """What a call means.

    Attributes:
        call: the call.
        body_part: what the radiograph shows, such as "ankle"; empty where it is not known.
        region: the test set's region that covers it, such as "leg"; empty where none does.
        sentences: how many radiographs of that call had a fracture, for each test set.
        limits: what was measured for the body part.
    """

    call: Call
    body_part: str
    region: str
    sentences: tuple[str, ...]
    limits: tuple[str, ...]


def explain_call(checkpoint: Checkpoint, call: Call, body_part: str = "") -> CallMeaning:
    """Return what a call of a checkpoint means.

    Every figure is counted at the checkpoint's present operating points, in the predictions of the test sides
    that came with it; a side that leaks says so.

    Args:
        checkpoint: the model that made the call.
        call: what it called.
        body_part: a DICOM Body Part Examined such as "ANKLE", or a person's word; "" where it is not known.

    Raises:
        CheckpointDamagedError: its evaluation cannot be understood.
    """
    points, shown = checkpoint.manifest.call_points, find_body_part(body_part)
    evaluations = _choose_tests(find_shipped_evaluations(checkpoint))
    sentences = tuple(_explain(evaluation, points, call) for evaluation in evaluations)
    if sentences:
        sentences += (_MOVES[call],)
    else:
        sentences = (f"What a call {call} means was not measured: no test figures came with this model.",)
    return CallMeaning(call, shown.word, shown.region, sentences, explain_limits(evaluations, points, shown))


def _choose_tests(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Return the evaluations of test sides; one as published, which may leak, only where its set has no other."""
    tests = [each for each in evaluations if each.split == "test"]
    sound = {each.dataset for each in tests if not each.mark}
    return [each for each in tests if not each.mark or each.dataset not in sound]


def _explain(evaluation: Evaluation, points: OperatingPoints, call: Call) -> str:
    predictions = evaluation.predictions
    fractured = [each.label == 1 for each in predictions]
    called = [decide_call(each.p_fracture, points) == call for each in predictions]
    mark = f" {evaluation.mark}." if evaluation.mark else ""
    if not any(called):
        return f"None of the {_word_size(evaluation)} was called {call}.{mark}"
    share = count_share(predictions, fractured, called)
    sentence = word_share(share, f"radiographs called {call} on the test set {evaluation.dataset}", "{} had a fracture")
    of_100 = round(100 * sum(fractured) / len(predictions))
    return f"{sentence} Of all {_word_size(evaluation)}, {of_100} in 100 had one.{mark}"


def _word_size(evaluation: Evaluation) -> str:
    radiographs = len({each.radiograph for each in evaluation.predictions})
    if radiographs == evaluation.n:
        return f"{evaluation.n:,} radiographs of {evaluation.dataset}"
    return f"{evaluation.n:,} files of {evaluation.dataset}, which show {radiographs:,} radiographs"
