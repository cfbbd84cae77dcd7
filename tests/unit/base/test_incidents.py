"""An unexpected error gets an id that leads to its traceback in the log."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from fracture_core.base import incidents
from fracture_core.base.incidents import LOGGER_NAME, log_incident
from fracture_core.base.settings import PROJECT_DIR, Settings, get_settings

NAME = "DOE^JANE"  # by this name, so that no line of source quotes it in a traceback


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


def raise_in_pydicom() -> Exception:
    """Return an error as pydicom raises it: its text quotes the value."""
    from pydicom.valuerep import DA

    try:
        DA(NAME)
    except ValueError as error:
        assert NAME[:4] in "".join(traceback.format_exception(error)), "pydicom no longer quotes; find another case"
        return error
    raise AssertionError("pydicom took a name for a date")


def read_log(settings: Settings) -> str:
    return (settings.state_dir / "logs" / "fracture.log").read_text()


def test_what_a_header_library_says_is_not_logged(own_settings: Settings) -> None:
    log_incident(raise_in_pydicom(), "while testing")
    log = read_log(own_settings)
    assert "DOE" not in log and "withheld" in log and "ValueError" in log and "valuerep.py" in log


def test_nor_is_it_as_the_cause_of_another_error(own_settings: Settings) -> None:
    try:
        try:
            raise raise_in_pydicom()
        except ValueError:
            raise RuntimeError("of ours")  # noqa: B904 - the cause is to be told although nobody chained it
    except RuntimeError as error:
        log_incident(error)
    log = read_log(own_settings)
    assert "DOE" not in log and "RuntimeError: of ours" in log and "which came after" in log


def test_the_setting_shows_it(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_KEEP_PATIENT_DATA", "true")
    get_settings.cache_clear()
    log_incident(raise_in_pydicom())
    assert NAME[:4] in read_log(own_settings)


def test_places_of_ours_that_read_headers_are_folders_that_exist() -> None:
    ours = [place for place in incidents._READS_HEADERS if place.startswith("/fracture_core/")]
    assert len(ours) >= 5
    for place in ours:
        assert (PROJECT_DIR / place.strip("/")).is_dir(), f"{place} has moved: what it raises would be logged"
