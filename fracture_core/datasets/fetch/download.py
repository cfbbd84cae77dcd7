"""A large file over an unsure line: goes on where it broke off, and is checked at the end.

RFC 9110: Range (14.2), Content-Range (14.4), If-Range (13.1.5).
"""

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from fracture_core.base import CountProgress, DatasetError, Settings
from fracture_core.datasets.archives.disk import format_bytes
from fracture_core.datasets.fetch.web import BrokenLineError, RefusedError, UnreachableError, get, read_host

FIRST_WAIT_S = 1.0  # doubles with each try
_LONGEST_WAIT_S = 30.0
_CHUNK_BYTES = 16 * 1024  # what comes of a chunk before a break is lost


@dataclass(frozen=True)
class RemoteFile:
    """A published file: one or several addresses of it, its size, and its MD5 (empty: none published)."""

    name: str
    urls: tuple[str, ...]
    size_bytes: int
    md5: str = ""


def download(file: RemoteFile, partial: Path, settings: Settings, progress: CountProgress | None = None) -> None:
    """Fetch a file into ``partial``, going on from what an earlier call left there.

    Raises:
        DatasetError: no address gives the file, the line broke too often (what came
            is kept), or the checksum is wrong (what came is deleted).
    """
    refusals: list[str] = []
    for url in file.urls:
        try:
            _receive_patiently(url, file, partial, settings, progress)
            _check_md5(file, partial)
            return
        except RefusedError as refusal:
            refusals.append(f"{read_host(url)}: {refusal}")
    raise DatasetError(f"{file.name} cannot be downloaded ({'; '.join(refusals)}).", "Try again later.")


def measure(partial: Path) -> int:
    """Return how many bytes an earlier download left."""
    return partial.stat().st_size if partial.exists() else 0


def _receive_patiently(
    url: str, file: RemoteFile, partial: Path, settings: Settings, progress: CountProgress | None
) -> None:
    start, broken = measure(partial), ""
    for attempt in range(settings.download_retries + 1):
        if attempt:
            time.sleep(min(FIRST_WAIT_S * 2 ** (attempt - 1), _LONGEST_WAIT_S))
        try:
            return _receive(url, file, partial, settings, progress)
        except UnreachableError as error:
            if attempt == 0:  # never reached: told at once
                raise RefusedError(str(error)) from error
            broken = str(error)
        except BrokenLineError as error:
            broken = str(error)
    if measure(partial) <= start:
        raise RefusedError(broken)
    raise DatasetError(
        f"The download of {file.name} broke off {settings.download_retries + 1} times, the last time at "
        f"{format_bytes(measure(partial))} of {format_bytes(file.size_bytes)} ({broken}).",
        "Run the command again: it goes on from there.",
    )


def _receive(url: str, file: RemoteFile, partial: Path, settings: Settings, progress: CountProgress | None) -> None:
    """Append what is still missing, in one go."""
    have = measure(partial)
    if have == file.size_bytes:
        return
    if have > file.size_bytes:  # not what it was begun as
        _discard(partial)
        have = 0
    with get(url, settings, _ask_for_rest(partial, have)) as response:
        have = _settle_start(response, file, partial, have)
        with partial.open("ab") as stream:
            for chunk in response.iter_content(_CHUNK_BYTES):
                have += len(chunk)
                if have > file.size_bytes:
                    break
                stream.write(chunk)
                if progress:
                    progress(have, file.size_bytes)
    if have > file.size_bytes:
        _discard(partial)
        raise RefusedError(f"it sends more than the {file.size_bytes} bytes announced")
    if have < file.size_bytes:
        raise BrokenLineError("the connection broke")


def _ask_for_rest(partial: Path, have: int) -> dict[str, str]:
    if have == 0:
        return {}
    etag = _etag_path(partial)
    condition = {"If-Range": etag.read_text(encoding="ascii")} if etag.exists() else {}
    return {"Range": f"bytes={have}-", **condition}


def _settle_start(response: requests.Response, file: RemoteFile, partial: Path, have: int) -> int:
    """Return the byte that the answer's body starts at; what was there is dropped where it starts anew."""
    status = response.status_code
    if status == 429 or status >= 500:
        raise BrokenLineError(f"it answers {status} {response.reason}")
    if status == 416:
        _discard(partial)
        raise BrokenLineError("it has no such part of the file")
    if status not in (200, 206):
        raise RefusedError(f"it answers {status} {response.reason}")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise RefusedError("it answers with a web page instead of the file")
    if status == 206:
        part = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if part is None or int(part[1]) != have or part[2] not in (str(file.size_bytes), "*"):
            _discard(partial)
            raise BrokenLineError("it sends another part of the file than was asked for")
        return have
    _discard(partial)
    etag = response.headers.get("ETag", "")
    if re.fullmatch(r'"[\x21\x23-\x7e]*"', etag):  # a weak one is no use for ranges
        _etag_path(partial).write_text(etag, encoding="ascii")
    return 0


def _etag_path(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.etag")


def _discard(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    _etag_path(partial).unlink(missing_ok=True)


def _check_md5(file: RemoteFile, partial: Path) -> None:
    if not file.md5:
        return
    with partial.open("rb") as stream:
        md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if md5 != file.md5:
        _discard(partial)
        raise DatasetError(
            f"{file.name} was damaged on its way: its MD5 is {md5}, but {file.md5} was published. It has been deleted.",
            "Run the command again. If it stays so, a proxy may be changing what is downloaded.",
        )
