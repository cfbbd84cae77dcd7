"""The files of a worklist, from uploads, a zip or a folder, before it is made."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from fracture_core.base import CountProgress, DatasetError, Settings, WorklistError
from fracture_core.datasets import (
    check_free_space,
    extract_entries,
    is_hidden_name,
    list_zip_entries,
    open_zip,
    telling_disk_errors,
)

# What lies beside radiographs on a disc or in a data set, and is none by its name.
_SIDE_NAMES = frozenset({"dicomdir", "readme", "license", "licence", "changelog", "manifest", "checksums", "thumbs.db"})
_SIDE_EXTENSIONS = frozenset(
    {
        ".exe",
        ".dll",
        ".inf",
        ".ini",
        ".htm",
        ".html",
        ".js",
        ".css",
        ".xml",
        ".json",
        ".csv",
        ".yaml",
        ".yml",
        ".md",
        ".log",
        ".db",
        ".py",
        ".sh",
        ".bat",
        ".jar",
        ".ico",
        ".cfg",
        ".xls",
        ".xlsx",
        ".names",
        ".cache",
    }
)


@dataclass(frozen=True)
class Gathered:
    """A file that goes into a worklist.

    Attributes:
        name: as a person knows it.
        path: below the worklist's folder.
    """

    name: str
    path: str


@dataclass(frozen=True)
class Upload:
    """A file handed in: its name, and its bytes when they are asked for."""

    name: str
    open: Callable[[], BinaryIO]
    size_bytes: int


def keep_uploads(
    uploads: Sequence[Upload], folder: Path, settings: Settings, tell: CountProgress
) -> tuple[list[Gathered], int]:
    """Copy files into ``folder`` under numbers; return them and how many of a zip were left out.

    A zip among them is unpacked: each of its files is one of the worklist's.

    Raises:
        DatasetError: a zip is damaged or unsafe, or the disk has no room.
        WorklistError: too many files.
    """
    total_bytes = sum(upload.size_bytes for upload in uploads)
    check_free_space(folder, total_bytes, "Keeping the files")
    found: list[Gathered] = []
    done_bytes = left_out = 0
    for number, upload in enumerate(uploads):
        is_zip = upload.name.lower().endswith(".zip")
        target = folder / (f"{number}.zip" if is_zip else str(number))
        with telling_disk_errors(folder), upload.open() as stream, target.open("xb") as copy:
            shutil.copyfileobj(stream, copy)
        if is_zip:
            inside, out = _unpack(target, upload.name, folder / f"{number}-zip", settings)
            found += [Gathered(each.name, f"{number}-zip/{each.path}") for each in inside]
            left_out += out
            target.unlink()
        else:
            found.append(Gathered(upload.name, target.name))
        done_bytes += upload.size_bytes
        tell(done_bytes, total_bytes)
        check_count(len(found), settings)
    return found, left_out


def _unpack(path: Path, name: str, folder: Path, settings: Settings) -> tuple[list[Gathered], int]:
    try:
        return keep_zip(path, folder, settings, lambda done, total: None)
    except DatasetError as error:  # people know it by another name than the copy's
        raise DatasetError(error.problem.replace(path.name, name), error.remedy) from error


def keep_zip(path: Path, folder: Path, settings: Settings, tell: CountProgress) -> tuple[list[Gathered], int]:
    """Unpack the pictures of a zip into ``folder``; return them and how many other files it has. Errors as above."""
    folder.mkdir(parents=True)
    with open_zip(path) as archive:
        entries = list_zip_entries(archive, settings)
        pictures = [entry for entry in entries if _may_be_picture(entry.name)]
        check_count(len(pictures), settings)
        extract_entries(archive, pictures, folder, tell)
    return [Gathered(entry.name, entry.name) for entry in pictures], len(entries) - len(pictures)


def list_folder(folder: Path, settings: Settings) -> tuple[list[Gathered], int]:
    """Return the pictures below a folder, at any depth and sorted, and how many other files it has.

    Raises:
        WorklistError: it cannot be read, or has too many.
    """
    found: list[Gathered] = []
    left_out = 0
    try:
        for relative in _walk(folder):
            if _may_be_picture(relative):
                found.append(Gathered(relative, relative))
                check_count(len(found), settings)
            else:
                left_out += 1
    except OSError as error:
        raise WorklistError(f"The folder cannot be read ({error.strerror}).", "Check its permissions.") from error
    return found, left_out


def check_count(count: int, settings: Settings) -> None:
    """Refuse more files than a worklist may have."""
    if count > settings.max_worklist_files:
        raise WorklistError(
            f"A worklist has at most {settings.max_worklist_files:,} files.",
            "Make several, or raise max_worklist_files in the settings.",
        )


def _walk(folder: Path) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not is_hidden_name(name))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                yield path.relative_to(folder).as_posix()


def _may_be_picture(name: str) -> bool:
    """Tell whether a file becomes a row: what cannot be read is told there, so only clear others are left out."""
    last = PurePosixPath(name).name.lower()
    return last not in _SIDE_NAMES and PurePosixPath(last).suffix not in _SIDE_EXTENSIONS
