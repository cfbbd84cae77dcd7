"""An unexpected error gets an id that leads to its traceback in the log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from fracture_core.incidents import LOGGER_NAME, log_incident
from fracture_core.settings import Settings


@pytest.fixture(autouse=True)
def bare_logger() -> Iterator[None]:
    logger = logging.getLogger(LOGGER_NAME)
    before, logger.handlers = logger.handlers, []
    yield
    for handler in logger.handlers:
        handler.close()
    logger.handlers = before


def test_id_leads_to_the_traceback(own_settings: Settings) -> None:
    try:
        raise ZeroDivisionError("made by a test")
    except ZeroDivisionError as error:
        incident_id = log_incident(error, "while testing")
    log = Path(own_settings.state_dir / "logs" / "fracture.log").read_text()
    assert incident_id in log and "while testing" in log
    assert "Traceback" in log and "ZeroDivisionError: made by a test" in log


def test_ids_differ(own_settings: Settings) -> None:
    assert log_incident(ValueError()) != log_incident(ValueError())
