"""The test radiographs of the model in use: no training that follows learns from them.

Only then can the two be compared on radiographs that neither has seen, also where the
data set has grown since, and would be divided in another way.
"""

from pydantic import TypeAdapter, ValidationError

from fracture_core.data.partition import HeldOut
from fracture_core.errors import CheckpointError
from fracture_core.evaluation.sides import read_split
from fracture_core.files import write_json
from fracture_core.registry import find_checkpoint
from fracture_core.runs.run import Run, TrainingRequest

_FILE = "held-out.json"
_HELD_OUT = TypeAdapter(dict[str, frozenset[str]])


def find_held_out(request: TrainingRequest) -> HeldOut:
    """Return the test side of the model in use, by data set; none for a division as published."""
    if request.as_published:
        return {}
    try:
        sides = read_split(find_checkpoint().split_path)
    except CheckpointError:  # there is none, or it is damaged: nothing to be compared with
        return {}
    return {name: frozenset(side["test"]) for name, side in sides.items() if side.get("test")}


def choose_held_out(run: Run, request: TrainingRequest) -> HeldOut:
    """Return what ``find_held_out`` gave when the run first began: by its resume, another model may be in use."""
    path = run.directory / _FILE
    try:
        return _HELD_OUT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        held_out = find_held_out(request)
    write_json(path, {name: sorted(names) for name, names in held_out.items()})
    return held_out
