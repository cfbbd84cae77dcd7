"""The OpenAPI document and the API say the same: schemathesis tries to find where they do not."""

from pathlib import Path

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.schemas import BaseSchema

from fracture_core.base.settings import Settings, get_settings
from fracture_core.doors.api.app import build_app
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from tests import schemathesis_hooks
from tests.api_server import start_serve
from tests.tiny_world import make_checkpoint

# As schemathesis.toml, with bounds: the same examples each time, and not many.
BOUNDS = """
seed = 7
[generation]
max-examples = 12
database = "none"
[phases.stateful]
generation.max-examples = 6
"""


def load_in_process(token: str = "") -> BaseSchema:
    config = SchemathesisConfig.from_str(BOUNDS)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", build_app(), config=config)
    if token:
        schema.config.update(headers={"Authorization": f"Bearer {token}"})
    return schema


def find_faults(schema: BaseSchema) -> tuple[list[str], set[int]]:
    """Run every phase; return what is found, and which statuses were seen."""
    faults: list[str] = []
    statuses: set[int] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            faults.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            statuses |= {kept.response.status_code for kept in event.recorder.interactions.values() if kept.response}
            faults += [
                f"{event.label}: {check.failure_info.failure}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.status == Status.FAILURE and check.failure_info
            ]
    return faults, statuses


@pytest.fixture
def world(own_settings: Settings) -> Settings:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    return own_settings


@pytest.mark.slow
def test_schemathesis_finds_no_fault_in_process(world: Settings) -> None:
    assert set(schemathesis_hooks.PICTURES) == {"application/dicom", "image/png", "image/jpeg", "image/tiff"}
    faults, statuses = find_faults(load_in_process())
    assert faults == []
    assert {200, 201, 404, 405, 415, 422} <= statuses  # it got through to readings, and was refused in many ways
    assert list_readings(HistoryFilters()).readings


@pytest.mark.slow
def test_schemathesis_finds_no_fault_where_a_token_is_asked_for(
    world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRACTURE_API_TOKEN", "secret")
    get_settings.cache_clear()
    faults, statuses = find_faults(load_in_process("secret"))
    assert faults == []
    assert {200, 201, 401} <= statuses


@pytest.mark.slow
def test_schemathesis_finds_no_fault_in_a_server_of_its_own(world: Settings, tmp_path: Path) -> None:
    process, url = start_serve({}, tmp_path / "log")
    try:
        config = SchemathesisConfig.from_str(BOUNDS.replace("12", "3"))
        faults, statuses = find_faults(schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", config=config))
    finally:
        process.terminate()
        assert process.wait(30) == 0  # SIGTERM ends it in order
    assert faults == []
    assert {200, 201, 404, 405, 415, 422} <= statuses
    assert list_readings(HistoryFilters()).readings
