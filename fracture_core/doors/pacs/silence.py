"""pynetdicom says nothing: what it logs names patients. Apart: to be called before anything of it is used."""

import logging

from pynetdicom import _config


def silence_pynetdicom() -> None:
    """Let pynetdicom log nothing, whatever the program around it does."""
    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
    root = logging.getLogger("pynetdicom")
    root.setLevel(logging.CRITICAL + 1)
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if name.startswith("pynetdicom.") and isinstance(logger, logging.Logger):
            logger.setLevel(logging.CRITICAL + 1)
