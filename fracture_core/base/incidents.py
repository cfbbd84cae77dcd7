"""The log, and an id for every unexpected error that a person can quote."""

import logging
import logging.handlers
import uuid
from traceback import StackSummary, extract_tb, format_exception

from fracture_core.base.settings import get_settings

LOGGER_NAME = "fracture_core"
_HANDLER_NAME = "fracture.log"
# Code that handles the headers of files: what an error raised in it says may quote a patient's name.
_READS_HEADERS = (
    "/pydicom/",
    "/highdicom/",
    "/dicomanonymizer/",
    "/gdcm",
    "/pylibjpeg",
    "/PIL/",
    "/fpdf/",
    "/fracture_core/radiographs/intake/",
    "/fracture_core/doors/report/",
    "/fracture_core/doors/dicom_out/",
    "/fracture_core/radiographs/deidentification/",
    "/fracture_core/doors/pacs/",
    "/dicomweb_client/",
    "/pynetdicom/",
    "/requests/",
    "/urllib3/",
)
_WITHHELD = "(text withheld: it may quote a file's header; keep_patient_data shows it)"


def configure_logging() -> logging.Logger:
    """Log to ``state_dir/logs/fracture.log`` (rotated at 5 MB); safe to call again."""
    logger = logging.getLogger(LOGGER_NAME)
    if any(handler.name == _HANDLER_NAME for handler in logger.handlers):
        return logger
    settings = get_settings()
    path = settings.state_dir / "logs" / "fracture.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=5_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:  # a read-only disk must not stop a reading
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.name = _HANDLER_NAME
    logger.addHandler(handler)
    logger.setLevel(settings.log_level)
    return logger


def log_incident(error: BaseException, doing: str = "") -> str:
    """Log an unexpected error with its traceback; return the id to show to the person.

    What the error says is left out where it was raised by code that handles files' headers, unless the setting
    ``keep_patient_data`` allows it.
    """
    incident_id = uuid.uuid4().hex[:8]
    configure_logging().error("incident %s %s\n%s", incident_id, doing, describe_error(error))
    return incident_id


def describe_error(error: BaseException) -> str:
    """Return the traceback of an error and of those that led to it, without texts that may quote a patient's data."""
    if get_settings().keep_patient_data:
        return "".join(format_exception(error)).rstrip()
    parts: list[str] = []
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        stack = extract_tb(link.__traceback__)
        text = _WITHHELD if _handles_headers(stack) else str(link)
        parts.append(f"Traceback (most recent call last):\n{''.join(stack.format())}{type(link).__name__}: {text}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n\nwhich came after:\n\n".join(parts)


def _handles_headers(stack: StackSummary) -> bool:
    return any(place in frame.filename.replace("\\", "/") for frame in stack for place in _READS_HEADERS)
