"""What a model was made for and measured on, where its figures end."""

from collections.abc import Sequence

from fracture_core.evaluation.meaning.shares import count_share, word_share
from fracture_core.evaluation.records import Evaluation, Prediction
from fracture_core.networks import OperatingPoints, decide_call
from fracture_core.radiographs import BodyPart, word_covered_parts

OUT_OF_SCOPE = (
    "A diagnosis without a qualified reader; ruling a fracture out.",
    "Children: the data are said to be of adults, and growth plates look like fractures.",
    "Skull, spine, chest and pelvis beyond the hip; CT, MRI and fluoroscopy; photographs of a film.",
    "Follow-up of a known fracture, casts, and the search for loosened hardware.",
    "Anything but the question whether a fracture is visible: neither its kind nor its age.",
)


def explain_limits(evaluations: Sequence[Evaluation], points: OperatingPoints, body_part: BodyPart) -> tuple[str, ...]:
    """Return what was measured for a body part, one or two sentences a test set.

    Args:
        evaluations: of test sides.
        points: the ends of the checkpoint's uncertain zone.
        body_part: what the radiograph shows.
    """
    if not body_part.word:
        return ("The body part is not known, so that no figures for it can be given.",)
    if body_part.is_vague:
        return (f'The body part is stated only as "{body_part.word}", so that no figures for it can be given.',)
    if not evaluations:
        return (f"Not measured: no test figures of the {body_part.word} came with this model.",)
    return tuple(sentence for evaluation in evaluations for sentence in _explain(evaluation, points, body_part))


def _explain(evaluation: Evaluation, points: OperatingPoints, body_part: BodyPart) -> list[str]:
    if not any(each.region for each in evaluation.predictions):
        return [f"The test set {evaluation.dataset} does not say which body part its radiographs show."]
    inside = [each for each in evaluation.predictions if body_part.region and each.region == body_part.region]
    if not inside:
        return [
            f"Not measured: the test set {evaluation.dataset} has no radiograph known to be of the {body_part.word}."
        ]
    found = [_count_calls(evaluation, inside, points, body_part)]
    if body_part.is_wider:
        found.append(
            f'That is the whole region "{body_part.region}" ({word_covered_parts(body_part.region)}): the test set '
            f"does not tell the {body_part.word} apart."
        )
    return found


def _count_calls(evaluation: Evaluation, inside: list[Prediction], points: OperatingPoints, body_part: BodyPart) -> str:
    fractured = [each.label == 1 for each in inside]
    calls = [decide_call(each.p_fracture, points) for each in inside]
    mark = f" {evaluation.mark}." if evaluation.mark else ""
    where = f'region "{body_part.region}" of the test set {evaluation.dataset}'
    sentences = [f"Measured on {len(inside):,} radiographs of the {where}."]
    for base, noun, wrong in (
        (fractured, "fractured ones", "negative"),
        ([not each for each in fractured], "sound ones", "positive"),
    ):
        if any(base):
            share = count_share(inside, [call == wrong for call in calls], base)
            sentences.append(word_share(share, noun, f"the model called {{}} {wrong}"))
        else:
            sentences.append(f"There are no {noun} among them.")
    return " ".join(sentences) + mark
