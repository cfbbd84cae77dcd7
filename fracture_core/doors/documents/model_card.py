"""A model card by the headings of CLAIM 2024 and TRIPOD+AI."""

from fracture_core.doors.documents.card_model import build_model, build_reproduction, build_training
from fracture_core.doors.documents.data_terms import build_data, cite_data
from fracture_core.doors.documents.failures import build_failures
from fracture_core.doors.documents.findings import find_extremes, find_hardware, find_small, word_origin
from fracture_core.doors.documents.markdown import build_document
from fracture_core.doors.documents.paper import CITATION
from fracture_core.doors.documents.results import build_sections
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.doors.documents.tables import build_headlines, name_data
from fracture_core.evaluation import OUT_OF_SCOPE, Evaluation

_LEAD = (
    "Written by `python -m fracture_core results` from the files of the checkpoint; not to be changed by hand. The "
    "headings follow CLAIM 2024 (Tejani et al., Radiology: Artificial Intelligence 2024) and TRIPOD+AI (Collins et "
    "al., BMJ 2024). Intervals are 95%, by bootstrap over groups."
)
_USE = (
    "To draw a qualified reader's eye to radiographs of adult limbs that may show a fracture, and to the place in "
    "them: in research, in teaching, and in trying out such a tool. The reader decides. The users are radiologists, "
    "radiographers and emergency physicians, and engineers who measure or retrain the network."
)
_RISKS = (
    "It was not validated clinically: nobody has measured what it does to readers, patients or waiting times. It is no "
    "certified medical device.",
    "Where a data set has no patient ids, images of one patient may be on both sides of the split.",
    "Sex and age are not recorded, so that nobody can say for whom it works less well.",
    "The heatmap shows what raised the network's call. It may lie beside the fracture, or on something else.",
)


def write_model_card(one: Shipped) -> str:
    """Return the document of one checkpoint."""
    manifest = one.checkpoint.manifest
    parts = [f"# Model card: `{one.name}`", _LEAD]
    parts += ["## Intended use and users", _USE, "## Out of scope", _list(OUT_OF_SCOPE)]
    parts += ["## Model", *build_model(manifest), "## Training", *build_training(manifest)]
    parts += ["## Data", *build_data(manifest)]
    parts += ["## Performance", build_headlines(one.evaluations)]
    for evaluation in one.main:
        parts += _build_performance(evaluation)
    parts += ["## Limits and risks", _list((*_find_limits(one), *_RISKS))]
    parts += ["## How to reproduce", build_reproduction(one)]
    parts += ["## Citation", _list((CITATION, *cite_data(manifest)))]
    return build_document(parts)


def _build_performance(evaluation: Evaluation) -> list[str]:
    return [
        f"## On {name_data(evaluation)}",
        " ".join([*find_extremes(evaluation), find_small(evaluation)]).strip(),
        *build_sections(evaluation),
        "### Failures",
        build_failures(evaluation),
    ]


def _find_limits(one: Shipped) -> list[str]:
    sentences = [(evaluation, find_hardware(evaluation)) for evaluation in one.main]
    return [
        word_origin(one),
        *(f"{name_data(evaluation)}: {sentence}" for evaluation, sentence in sentences if sentence),
    ]


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)
