"""The log, and an id for every unexpected error that a person can quote."""

import logging
import logging.handlers
import uuid

from fracture_core.settings import get_settings

LOGGER_NAME = "fracture_core"


def configure_logging() -> logging.Logger:
    """Log to ``state_dir/logs/fracture.log`` (rotated at 5 MB); safe to call again."""
    logger = logging.getLogger(LOGGER_NAME)
    if any(getattr(handler, "is_ours", False) for handler in logger.handlers):
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
    handler.is_ours = True  # type: ignore[attr-defined]
    logger.addHandler(handler)
    logger.setLevel(settings.log_level)
    return logger


def log_incident(error: BaseException, doing: str = "") -> str:
    """Log an unexpected error with its traceback; return the id to show to the person."""
    incident_id = uuid.uuid4().hex[:8]
    configure_logging().error("incident %s %s", incident_id, doing, exc_info=error)
    return incident_id
