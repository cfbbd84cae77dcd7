"""pynetdicom says nothing: what it logs names patients."""

import logging

from pynetdicom import _config

from fracture_core.radiographs.intake import dicom_header  # noqa: F401 - it silences pydicom


def silence_pynetdicom() -> None:
    """Let pynetdicom log nothing, whatever the program around it does."""
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    root = logging.getLogger("pynetdicom")
    root.setLevel(logging.CRITICAL + 1)
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if name.startswith("pynetdicom.") and isinstance(logger, logging.Logger):
            logger.setLevel(logging.CRITICAL + 1)
