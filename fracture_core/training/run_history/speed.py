"""How quick earlier runs were, so that the next one's time can be told before it starts."""

from sqlalchemy import select

from fracture_core.base import Settings
from fracture_core.store import MetricRow, reading_session
from fracture_core.training.recipes import resolve_recipe
from fracture_core.training.run_history.settings import list_settings
from fracture_core.training.runs.run import RunState, TrainingRequest, list_states, this_host

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
