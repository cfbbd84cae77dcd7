"""Whether a reading could be made and kept now. Apart: the page of a load balancer is asked without any of the rest."""

from fracture_core.base import FractureError, log_incident
from fracture_core.doors.api.answers import Readiness
from fracture_core.doors.api.problems import word_error
from fracture_core.networks import find_checkpoint
from fracture_core.reading import get_predictor, get_suitability_check
from fracture_core.store import lock_audit_log, writing_session


def check_readiness() -> Readiness:
    """Try the database and the model in use; never raises."""
    reasons = []
    for what, attempt in (("database", _try_database), ("model", _try_model)):
        try:
            attempt()
        except FractureError as error:
            reasons.append(f"{what}: {' '.join(word_error(error)).strip()}")
        except Exception as error:  # noqa: BLE001 - whoever asks must be answered
            reasons.append(f"{what}: something unexpected happened, id {log_incident(error, f'trying the {what}')}")
    return Readiness(ready=not reasons, reasons=tuple(reasons))


def _try_database() -> None:
    with writing_session() as session:
        lock_audit_log(session)  # what every reading needs; changes nothing


def _try_model() -> None:
    checkpoint = find_checkpoint()
    get_predictor(checkpoint)
    get_suitability_check(checkpoint)
