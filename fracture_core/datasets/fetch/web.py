"""Ask a server, and say in words why it did not answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests

from fracture_core import __version__
from fracture_core.base import Settings

_CONNECT_TIMEOUT_S = 10.0


class UnreachableError(Exception):
    """There is no connection to the server."""


class BrokenLineError(Exception):
    """The connection broke off, or the server is busy: worth another try."""


class RefusedError(Exception):
    """The server answers, but not with what was asked for: another try would not help."""


@contextmanager
def get(url: str, settings: Settings, headers: Mapping[str, str] | None = None) -> Iterator[requests.Response]:
    """Open an answer, whose body may then be read in parts; proxies are taken from the environment.

    Raises:
        UnreachableError: no connection, or not an address.
        BrokenLineError: the connection broke off while the body was read.
    """
    timeout_s = (min(_CONNECT_TIMEOUT_S, settings.download_timeout_s), settings.download_timeout_s)
    # A packed body could not be gone on with from a byte of the file.
    asked = {"User-Agent": f"fracture_core/{__version__}", "Accept-Encoding": "identity", **(headers or {})}
    answered = False
    try:
        with requests.get(url, headers=asked, stream=True, timeout=timeout_s) as response:
            answered = True
            yield response
    except requests.RequestException as error:
        raise (BrokenLineError if answered else UnreachableError)(_explain(error, answered)) from error


def read_host(url: str) -> str:
    """Return the server that an address names, for messages."""
    return urlsplit(url).netloc or url


def _explain(error: requests.RequestException, answered: bool) -> str:
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not let it through"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.TooManyRedirects):
        return "it redirects in a circle"
    if isinstance(error, ValueError):  # the errors of an address are ValueErrors, too
        return "this is no address"
    return "the connection broke" if answered else "no connection"
