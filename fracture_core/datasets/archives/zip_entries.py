"""What a zip holds, read from its directory alone: one that could do harm is refused before a byte is unpacked."""

import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from fracture_core.base import DatasetError, Settings, quote_first
from fracture_core.datasets.archives.disk import format_bytes, is_hidden_name

HARMLESS_BYTES = 16 * 1024**2  # a small zip of tables may shrink by any ratio
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags of APPNOTE 4.4.4: encrypted, strongly encrypted, masked headers


@dataclass(frozen=True)
class ZipEntry:
    """A file in a zip; ``name`` is a POSIX path that stays inside the folder it is joined to."""

    name: str
    size_bytes: int
    info: zipfile.ZipInfo


def list_zip_entries(archive: zipfile.ZipFile, settings: Settings) -> list[ZipEntry]:
    """Return the files of a zip, without an operating system's own (``__MACOSX``, dot-files).

    Raises:
        DatasetError: no files, too many or too large ones, names that lead out of
            the folder, links, repeated names, or a password.
    """
    infos, zip_name = archive.infolist(), PurePosixPath(str(archive.filename)).name
    _refuse_too_many(len(infos), zip_name, settings)
    _refuse_harmful(infos, zip_name)
    named = [(info.filename.replace("\\", "/"), info) for info in infos]  # some Windows programs write backslashes
    entries = [
        ZipEntry(PurePosixPath(name).as_posix(), info.file_size, info)
        for name, info in named
        if not name.endswith("/") and not any(map(is_hidden_name, PurePosixPath(name).parts))
    ]
    if not entries:
        raise DatasetError(f"{zip_name} holds no files.", "Give the zip that holds the data set.")
    _refuse_repeats(entries, zip_name)
    _refuse_bomb(entries, archive, zip_name, settings)
    return entries


def _refuse_too_many(count: int, zip_name: str, settings: Settings) -> None:
    if count > settings.max_zip_entries:
        raise DatasetError(
            f"{zip_name} holds {count:,} files; at most {settings.max_zip_entries:,} are unpacked.",
            "If it is meant to, raise max_zip_entries in the settings.",
        )


def _refuse_harmful(infos: list[zipfile.ZipInfo], zip_name: str) -> None:
    outside = [info.filename for info in infos if not _stays_inside(info.filename)]
    if outside:
        _refuse(zip_name, f"{len(outside)} names that lead out of its folder", outside, "Do not trust this zip.")
    special = [info.filename for info in infos if _is_special(info)]
    if special:
        remedy = "Pack the files themselves, without links."
        _refuse(zip_name, f"{len(special)} links or devices", special, remedy)
    encrypted = [info.filename for info in infos if info.flag_bits & _ENCRYPTED]
    if encrypted:
        remedy = "Unpack it with its password, and give the folder."
        _refuse(zip_name, f"{len(encrypted)} files locked with a password", encrypted, remedy)


def _refuse(zip_name: str, what: str, names: list[str], remedy: str) -> None:
    raise DatasetError(f"{zip_name} holds {what} ({quote_first(names)}).", remedy)


def _stays_inside(name: str) -> bool:
    # Read as Windows does, which takes both slashes and knows drives; stricter than any one system.
    path = PureWindowsPath(name)
    return bool(name) and not path.anchor and ".." not in path.parts


def _is_special(info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)  # 0 where the zip was made on Windows
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR)


def _refuse_repeats(entries: list[ZipEntry], zip_name: str) -> None:
    repeated = [name for name, count in Counter(entry.name for entry in entries).items() if count > 1]
    if repeated:
        _refuse(zip_name, f"{len(repeated)} names more than once", repeated, "Pack the folder anew.")


def _refuse_bomb(entries: list[ZipEntry], archive: zipfile.ZipFile, zip_name: str, settings: Settings) -> None:
    total_bytes = sum(entry.size_bytes for entry in entries)
    if total_bytes > settings.max_unpacked_bytes:
        raise DatasetError(
            f"{zip_name} would unpack to {format_bytes(total_bytes)}; "
            f"at most {format_bytes(settings.max_unpacked_bytes)} are unpacked.",
            "If it is meant to, raise max_unpacked_bytes in the settings, or unpack it yourself and give the folder.",
        )
    # The directory lies at the end of the file: what comes before it is what was packed.
    if total_bytes > max(HARMLESS_BYTES, settings.max_unpacked_ratio * archive.start_dir):
        raise DatasetError(
            f"{zip_name} would unpack {format_bytes(archive.start_dir)} to {format_bytes(total_bytes)}: "
            f"more than {settings.max_unpacked_ratio:g} times its size, as a zip bomb does.",
            "If you trust it, unpack it yourself and give the folder.",
        )
