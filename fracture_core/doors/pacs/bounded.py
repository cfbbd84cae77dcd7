"""HTTP answers that are not read beyond a limit, whatever their header says, and lead nowhere else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydicom import uid
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from fracture_core.base import PacsError
from fracture_core.datasets import format_bytes

# dicomweb-client unpacks it as it comes, and nobody knows before how large that becomes.
_DEFLATED = uid.DeflatedExplicitVRLittleEndian.encode()


class BoundedAdapter(HTTPAdapter):
    """Raises PacsError once an answer is longer than ``limit_bytes``, or leads to another server.

    A redirect could take patients' data there: those that are searched for, or the objects that are sent.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        super().__init__()

    def send(self, request: PreparedRequest, *arguments: Any, **options: Any) -> Response:
        response = super().send(request, *arguments, **options)
        if response.is_redirect and not _is_same_place(request.url or "", response.headers["location"]):
            response.close()
            raise PacsError("The PACS sends us on to another address.", "Set pacs_url to that one if it is meant.")
        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > self._limit_bytes:
            response.close()
            raise _explain(self._limit_bytes)
        is_list = "json" in response.headers.get("Content-Type", "")  # may name what it only knows of
        response.raw = _Counted(response.raw, self._limit_bytes, refused=b"" if is_list else _DEFLATED)
        return response


def _is_same_place(url: str, location: str) -> bool:
    before, after = urlsplit(url), urlsplit(urljoin(url, location))
    return (before.scheme, before.netloc) == (after.scheme, after.netloc)


class _Counted:
    """A body that counts what is taken from it; all else is the body's own."""

    def __init__(self, raw: Any, limit_bytes: int, refused: bytes) -> None:
        self._raw, self._left_bytes, self._limit_bytes = raw, limit_bytes, limit_bytes
        self._refused = refused

    def stream(self, *arguments: Any, **options: Any) -> Iterator[bytes]:
        before = b""
        for chunk in self._raw.stream(*arguments, **options):
            self._left_bytes -= len(chunk)
            if self._left_bytes < 0:
                self._raw.close()
                raise _explain(self._limit_bytes)
            if self._refused and self._refused in before + chunk:
                self._raw.close()
                raise PacsError("The PACS sends a deflated object, which is not read.", "Let it store it decompressed.")
            before = chunk[-64:]
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _explain(limit_bytes: int) -> PacsError:
    return PacsError(
        f"The PACS sends more than {format_bytes(limit_bytes)} at once, the most that is taken.",
        "Raise max_file_bytes in the settings if the file is meant to be that large.",
    )
