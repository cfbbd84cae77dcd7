"""Small pictures of radiographs, kept on disk: made on first use, the least recently used removed.

They hold what a first look needs and nothing of the file's header; their names are hashes.
"""

import hashlib
import io
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from PIL import Image

from fracture_core.base import CountProgress, IntakeError, Settings, get_settings, write_atomically
from fracture_core.radiographs.intake.limits import check_file_size
from fracture_core.radiographs.intake.raster import read_small_jpeg
from fracture_core.radiographs.intake.read import read_radiograph, read_radiograph_file

LONGEST_PX = 320
_VERSION = 1  # of how they are made
_QUALITY, _EFFORT = 75, 0  # WebP: 3.5 kB and 1.6 ms a picture of FracAtlas; JPEG of quality 80 has 6.4 kB in 0.2 ms
_WORKERS = 2  # the decoders release the interpreter lock
_STALE_S = 3600.0  # a picture's last use is written down when the one before is older than this
_TRIM_TO = 0.9  # of the most there may be, so that not every further picture removes another
_TRIM_EVERY = 0.05  # of the most there may be, written by this process since it last looked
_JPEG_START = b"\xff\xd8\xff"


def find_thumbnail(path: Path, longest_px: int = LONGEST_PX) -> Path:
    """Return the small picture of a radiograph, a WebP in ``STATE_DIR/thumbnails``; made if it is missing.

    It may be removed as soon as others are made: ``load_thumbnail`` gives the bytes instead.

    Args:
        path: a JPEG, PNG, TIFF or DICOM file; a change of it makes another picture.
        longest_px: longer side; a smaller radiograph is not enlarged.

    Raises:
        IntakeError: the file cannot be read, or the picture cannot be kept.
    """
    settings = get_settings()
    kept = _name(path, longest_px, settings)
    if _is_kept(kept):
        return kept
    try:
        _keep(kept, draw_thumbnail(path, longest_px), settings)
    except OSError as error:
        raise IntakeError(
            f"The small picture of '{path.name}' cannot be kept ({error.strerror}).",
            f"Free some space in {settings.state_dir}, and see that it can be written to.",
        ) from error
    return kept


def load_thumbnail(path: Path, longest_px: int = LONGEST_PX) -> bytes:
    """Return the small picture's bytes (WebP), also where it cannot be kept; arguments as of ``find_thumbnail``.

    Raises:
        IntakeError: the file cannot be read.
    """
    settings = get_settings()
    kept = _name(path, longest_px, settings)
    if _is_kept(kept):
        with suppress(OSError):  # removed in between
            return kept.read_bytes()
    data = draw_thumbnail(path, longest_px)
    with suppress(OSError):  # a full disk is no reason to show nothing
        _keep(kept, data, settings)
    return data


def make_thumbnails(
    paths: Iterable[Path], progress: CountProgress | None = None, longest_px: int = LONGEST_PX
) -> dict[Path, str]:
    """Make the small pictures that are missing; return the files that have none, with the reason."""
    wanted = list(paths)

    def make(path: Path) -> str:
        try:
            find_thumbnail(path, longest_px)
        except IntakeError as error:
            return str(error)
        return ""

    failed: dict[Path, str] = {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        for number, (path, reason) in enumerate(zip(wanted, pool.map(make, wanted), strict=True), start=1):
            if reason:
                failed[path] = reason
            if progress:
                progress(number, len(wanted))
    return failed


def draw_thumbnail(path: Path, longest_px: int = LONGEST_PX) -> bytes:
    """Return a small picture made anew, a WebP without any metadata; arguments and errors as of ``load_thumbnail``."""
    image = _read_small(Path(path), longest_px)
    image.thumbnail((longest_px, longest_px), Image.Resampling.BOX, reducing_gap=2.0)
    buffer = io.BytesIO()
    Image.frombytes("L", image.size, image.tobytes()).save(buffer, "WEBP", quality=_QUALITY, method=_EFFORT)
    return buffer.getvalue()


def _read_small(path: Path, longest_px: int) -> Image.Image:
    """Return the radiograph upright in 8-bit grayscale, with at least ``longest_px`` where it has so many."""
    settings = get_settings()
    try:
        with path.open("rb") as file:
            if file.read(3) == _JPEG_START:
                check_file_size(os.fstat(file.fileno()).st_size, settings)
                file.seek(0)
                return _read_jpeg(file.read(), longest_px, settings)
    except (OSError, ValueError):
        pass  # told by the reader below
    return Image.fromarray(read_radiograph_file(path).to_uint8())


def _read_jpeg(data: bytes, longest_px: int, settings: Settings) -> Image.Image:
    try:
        return read_small_jpeg(data, longest_px, settings=settings)
    except IntakeError:
        raise
    except Exception:  # noqa: BLE001 - a hostile file; the one door tells what is wrong with it
        return Image.fromarray(read_radiograph(data).to_uint8())


def _name(path: Path, longest_px: int, settings: Settings) -> Path:
    try:
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns)
    except (OSError, ValueError):
        state = (0, 0)  # the reader tells what is wrong
    key = f"{_VERSION}\0{path.absolute()}\0{state}\0{longest_px}"
    return _folder(settings) / f"{hashlib.sha256(os.fsencode(key)).hexdigest()[:32]}.webp"


def _folder(settings: Settings) -> Path:
    return settings.state_dir / "thumbnails"


def _is_kept(kept: Path) -> bool:
    """Tell whether a picture is there, and note that it is used."""
    try:
        if time.time() - kept.stat().st_mtime > _STALE_S:
            os.utime(kept)
    except OSError:
        return False
    return True


_written = threading.Lock()
_bytes_since: dict[Path, int] = {}


def _keep(kept: Path, data: bytes, settings: Settings) -> None:
    """Put a picture into the folder; look every now and then whether the folder is too large."""
    write_atomically(kept, data)
    folder, most = kept.parent, settings.thumbnails_max_bytes
    with _written:
        _bytes_since[folder] = _bytes_since.get(folder, most) + len(data)  # a process looks at its first one
        is_due = _bytes_since[folder] > most * _TRIM_EVERY
        if is_due:
            _bytes_since[folder] = 0
    if is_due:
        _trim(folder, most)


def _trim(folder: Path, most_bytes: int) -> None:
    """Remove the least recently used pictures where there are too many; of several processes, one does."""
    try:
        with FileLock(folder / ".trim.lock", timeout=0):
            kept = sorted(_list_kept(folder))
            excess = sum(size for _, size, _ in kept) - most_bytes
            if excess <= 0:
                return
            excess += int(most_bytes * (1 - _TRIM_TO))
            for _, size, path in kept:
                if excess <= 0:
                    return
                Path(path).unlink(missing_ok=True)
                excess -= size
    except Timeout:
        return


def _list_kept(folder: Path) -> list[tuple[float, int, str]]:
    """Return last use, size in bytes and path of each picture; one that goes meanwhile is left out."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                status = entry.stat()
            except OSError:
                continue
            if entry.name.endswith((".webp", ".partial")):  # the latter of a process that was killed
                found.append((status.st_mtime, status.st_size, entry.path))
    return found
