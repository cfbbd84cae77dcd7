"""HTTP answers that are not read beyond a limit, whatever their header says."""

from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from fracture_core.data.disk import format_bytes
from fracture_core.errors import PacsError


class BoundedAdapter(HTTPAdapter):
    """Raises PacsError once an answer is longer than ``limit_bytes``."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        super().__init__()

    def send(self, request: PreparedRequest, *arguments: Any, **options: Any) -> Response:
        response = super().send(request, *arguments, **options)
        stated = response.headers.get("Content-Length", "")
        if stated.isdigit() and int(stated) > self._limit_bytes:
            response.close()
            raise _explain(self._limit_bytes)
        response.raw = _Counted(response.raw, self._limit_bytes)
        return response


class _Counted:
    """A body that counts what is taken from it; all else is the body's own."""

    def __init__(self, raw: Any, limit_bytes: int) -> None:
        self._raw, self._left_bytes, self._limit_bytes = raw, limit_bytes, limit_bytes

    def stream(self, *arguments: Any, **options: Any) -> Iterator[bytes]:
        for chunk in self._raw.stream(*arguments, **options):
            self._left_bytes -= len(chunk)
            if self._left_bytes < 0:
                self._raw.close()
                raise _explain(self._limit_bytes)
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def _explain(limit_bytes: int) -> PacsError:
    return PacsError(
        f"The PACS sends more than {format_bytes(limit_bytes)} at once, the most that is taken.",
        "Raise max_file_bytes in the settings if the file is meant to be that large.",
    )
