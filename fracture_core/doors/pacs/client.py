"""The connection to the PACS by DICOMweb, and what goes wrong with it in words.

No error here is chained: a library's message quotes the address, and with it the ids that were asked for.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from dicomweb_client.api import DICOMwebClient
from pydicom.errors import InvalidDicomError
from requests import Session, exceptions
from requests.auth import AuthBase
from requests.models import PreparedRequest
from retrying import RetryError

from fracture_core.base import FractureError, PacsError, Settings, get_settings
from fracture_core.doors.pacs.bounded import BoundedAdapter

_TRIES, _FIRST_WAIT_MS = 3, 500  # of a PACS that says it is busy
_SPARE_BYTES = 16 * 1024**2  # around one file: its multipart frame; and a list of instances
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, EOFError, InvalidDicomError, IndexError)
# Their messages name studies and patients.
for _name in ("dicomweb_client", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", module=r"(pydicom|dicomweb_client|urllib3)\b")


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def connect(settings: Settings | None = None) -> DICOMwebClient:
    """Return a client for the PACS that the settings name; nothing is sent yet.

    Raises:
        PacsError: no PACS is named, or its address or certificates are not usable.
    """
    settings = settings or get_settings()
    if not settings.pacs_url:
        raise PacsError("No PACS is named.", "Set pacs_url in the settings to its DICOMweb address.")
    session = Session()
    session.trust_env = False  # proxies and passwords of the user's own are not for the PACS
    session.verify = _choose_certificates(settings)
    if settings.pacs_token:
        session.auth = _Bearer(settings.pacs_token)
    elif settings.pacs_user:
        session.auth = (settings.pacs_user, settings.pacs_password)
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter(settings.max_file_bytes + _SPARE_BYTES))
    try:
        client = DICOMwebClient(settings.pacs_url.rstrip("/"), session=session, timeout=settings.pacs_timeout_s)
    except ValueError:
        raise PacsError("The address of the PACS is not usable.", "Set pacs_url to http://... or https://...") from None
    client.set_http_retry_params(True, _TRIES, _FIRST_WAIT_MS)
    return client


@contextmanager
def telling(settings: Settings | None = None) -> Iterator[None]:
    """Turn whatever fails while the PACS is asked into a ``PacsError``."""
    settings = settings or get_settings()
    try:
        yield
    except FractureError:
        raise
    except exceptions.SSLError:
        raise PacsError(
            "The PACS's certificate cannot be checked.",
            "Name the certificates that sign it as pacs_ca_file, or correct pacs_url.",
        ) from None
    except exceptions.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise explain_status(status) from None
    except (exceptions.Timeout, RetryError):
        raise PacsError(
            f"The PACS does not answer within {settings.pacs_timeout_s:g} s, or says it is busy.",
            "Try again later, or raise pacs_timeout_s in the settings.",
        ) from None
    except exceptions.JSONDecodeError:
        raise _explain_answer() from None
    except exceptions.ConnectionError:
        raise PacsError("The PACS cannot be reached.", "See that it runs, and that pacs_url is right.") from None
    except exceptions.ChunkedEncodingError:
        raise PacsError("The PACS broke off in the middle of its answer.", "Try again.") from None
    except exceptions.RequestException:
        raise PacsError("The PACS cannot be asked.", "See that pacs_url is right.") from None
    except OSError as error:
        raise PacsError(f"What the PACS sends cannot be kept ({error.strerror}).", "Check the state folder.") from None
    except _UNREADABLE:
        raise _explain_answer() from None


def explain_status(status: int) -> PacsError:
    """Return what an HTTP status of the PACS means."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return PacsError(
            f"The PACS does not let us in (HTTP {status}).", "Correct pacs_user and pacs_password, or pacs_token."
        )
    if status == HTTPStatus.NOT_FOUND:
        return PacsError(
            "The PACS has no such study or object, or no DICOMweb at this address (HTTP 404).",
            "Search for it again; if nothing is found at all, correct pacs_url.",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return PacsError(f"The PACS reports a fault of its own (HTTP {status}).", "Try again, or ask who runs it.")
    return PacsError(f"The PACS refuses what was asked (HTTP {status}).", "Ask who runs it.")


def _choose_certificates(settings: Settings) -> bool | str:
    if not settings.pacs_verify_tls:
        return False
    if settings.pacs_ca_file is None:
        return True
    if not settings.pacs_ca_file.is_file():
        raise PacsError("The file pacs_ca_file is not there.", "Correct it in the settings.")
    return str(settings.pacs_ca_file)


def _explain_answer() -> PacsError:
    return PacsError(
        "What answers at the address of the PACS is not DICOMweb, or its answer is damaged.",
        "Correct pacs_url: it ends where /studies would follow, such as https://host/dicom-web.",
    )
