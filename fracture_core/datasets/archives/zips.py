"""Data sets in a zip: unpacked once into the state folder, and read there as any folder is."""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from fracture_core.base import CountProgress, DatasetError, Settings, get_settings
from fracture_core.datasets.archives.disk import check_free_space, new_folder, telling_disk_errors
from fracture_core.datasets.archives.zip_entries import ZipEntry, list_zip_entries

_CHUNK_BYTES = 1024**2
# What zipfile and its decompressors raise on damage; RuntimeError and NotImplementedError on what they cannot do.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_UNKNOWN = (NotImplementedError, RuntimeError)


def is_zip_name(path: Path) -> bool:
    """Tell whether a file's name says that it is a zip."""
    return path.suffix.lower() == ".zip"


def unpack_once(path: Path, settings: Settings | None = None, progress: CountProgress | None = None) -> Path:
    """Return the folder that a zip was unpacked into, and unpack it first where it is not there.

    The folder is named by the zip and by the names, sizes and checksums of what it
    holds: a changed zip gets a folder of its own, a copied or renamed file's time
    changes nothing. Processes that ask at once wait for one of them.

    Raises:
        DatasetError: the zip is damaged, locked, too large or unsafe, or the disk has no room.
    """
    settings = settings or get_settings()
    with open_zip(path) as archive:
        entries = list_zip_entries(archive, settings)
        directory = settings.state_dir / "unpacked" / f"{path.stem}-{_digest(entries)}"
        if _is_complete(directory, entries):
            return directory
        with telling_disk_errors(directory):
            directory.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(directory.with_name(f".{directory.name}.lock"))
            with lock:
                if not _is_complete(directory, entries):
                    with new_folder(directory) as partial:
                        extract_entries(archive, entries, partial, progress)
    return directory


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip for reading.

    Raises:
        DatasetError: it cannot be read, or is no zip.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DatasetError(
            f"{path.name} is no zip, or is damaged ({error}).", "Download or pack it again; it may be cut short."
        ) from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}).", "Check its permissions.") from error
    with archive:
        yield archive


def extract_entries(
    archive: zipfile.ZipFile, entries: list[ZipEntry], folder: Path, progress: CountProgress | None = None
) -> None:
    """Unpack entries into a folder, each checked against its CRC.

    Raises:
        DatasetError: no room (told before it starts), or a file of the zip is damaged.
    """
    done_bytes, total_bytes = 0, sum(entry.size_bytes for entry in entries)
    check_free_space(folder, total_bytes, f"Unpacking {Path(str(archive.filename)).name}")
    for entry in entries:
        target = folder / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for chunk in _read_chunks(archive, entry):
                stream.write(chunk)
                done_bytes += len(chunk)
                if progress:
                    progress(done_bytes, total_bytes)


def _read_chunks(archive: zipfile.ZipFile, entry: ZipEntry) -> Iterator[bytes]:
    """Yield an entry's bytes, never more than the zip's directory announced; the CRC is checked at the end."""
    zip_name = Path(str(archive.filename)).name
    try:
        with archive.open(entry.info) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk
    except _UNKNOWN as error:
        problem = f"{entry.name} in {zip_name} is packed in a way that is not read ({error})."
        raise DatasetError(problem, "Unpack it yourself and give the folder.") from error
    except _DAMAGE as error:
        problem = f"{zip_name} is damaged: {entry.name} cannot be unpacked ({error})."
        raise DatasetError(problem, "Download or pack it again.") from error


def _digest(entries: list[ZipEntry]) -> str:
    lines = sorted(f"{entry.name}\0{entry.size_bytes}\0{entry.info.CRC}\n" for entry in entries)
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _is_complete(directory: Path, entries: list[ZipEntry]) -> bool:
    """Tell whether every file is there in its size; someone may have tidied the state folder."""
    try:
        return all((directory / entry.name).stat().st_size == entry.size_bytes for entry in entries)
    except OSError:
        return False
