"""What a run was trained with: its request, with the recipe's values where the request leaves them to it."""

from collections.abc import Sequence
from pathlib import Path

from fracture_core.base import TrainingError
from fracture_core.training.recipes import find_recipe
from fracture_core.training.runs.run import RunState

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
