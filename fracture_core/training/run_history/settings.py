"""What a run was trained with: its request, with the recipe's values where the request leaves them to it."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from fracture_core.base import Settings, TrainingError
from fracture_core.store import MetricRow, reading_session
from fracture_core.training.recipes import find_recipe, resolve_recipe
from fracture_core.training.runs.run import RunState, TrainingRequest, list_states, this_host

_OF_THE_RECIPE = ("epochs", "learning_rate", "batch_size", "input_size_px", "initial", "teacher")


def list_settings(state: RunState) -> dict[str, object]:
    """Return each setting's value; None where a recipe that is no longer known decided it."""
    request = state.request
    settings = request.model_dump(mode="json") | {"data": ", ".join(request.data)}
    try:
        recipe = find_recipe(request.recipe)
    except TrainingError:
        return settings
    for name in _OF_THE_RECIPE:
        if settings[name] is None:
            settings[name] = getattr(recipe, name)
    return settings | {"augmentation": request.augmentation or "the recipe's", "device": state.device or request.device}


def find_differences(states: Sequence[RunState]) -> list[str]:
    """Return the settings in which runs differ, in the order of ``list_settings``; none of a single run."""
    found = [list_settings(state) for state in states]
    return [name for name in (found[0] if found else {}) if any(settings[name] != found[0][name] for settings in found)]


def shorten_data(data: str) -> str:
    """Return a data set's name, of a folder or zip only its last part."""
    return Path(data).name or data


_DECIDES = ("recipe", "input_size_px", "batch_size", "teacher", "devices", "num_nodes")
_MEASURED = "images_per_s"


def find_speed(request: TrainingRequest, device: str, settings: Settings | None = None) -> float | None:
    """Return radiographs a second of the newest run on this machine that a request is like, or None.

    Args:
        device: what the request would train on: "cpu", "cuda" or "mps".

    Raises:
        StoreError: the database cannot be used.
        TrainingError: no such recipe.
    """
    recipe = resolve_recipe(request)
    wanted = request.model_dump() | recipe.model_dump(include=set(_DECIDES))
    for state in list_states(settings):
        of_run = list_settings(state)
        is_alike = state.device == device and all(of_run[name] == wanted[name] for name in _DECIDES)
        if is_alike and state.host == this_host() and (speed := _read_last_speed(state, settings)):
            return speed
    return None


def _read_last_speed(state: RunState, settings: Settings | None) -> float | None:
    query = select(MetricRow.value).where(MetricRow.run_id == state.id, MetricRow.name == _MEASURED)
    with reading_session(settings) as session:
        return session.scalars(query.order_by(MetricRow.step.desc()).limit(1)).first()
