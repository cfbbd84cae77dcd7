"""Which files of a folder are radiographs, and which of them are copies by name."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from fracture_core.datasets.archives.disk import is_hidden_name

IMAGE_EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".dcm", ".dicom"})
_TEXT_NAMES = frozenset({"readme", "license", "licence", "changelog", "dicomdir", "manifest", "checksums"})
_ROTATIONS = re.compile(r"(-rotated\d+)+$", re.IGNORECASE)
# DICOM files are often named by UID: the digits after its last dot are no extension.
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]*$")


def is_image_name(name: str) -> bool:
    """Tell whether a file name is a radiograph's: a known extension, or none (DICOM)."""
    if name.startswith("."):
        return False
    extension = _EXTENSION.search(name)
    if extension is None:
        return name.lower() not in _TEXT_NAMES
    return extension.group().lower() in IMAGE_EXTENSIONS


def find_image_files(folder: Path) -> Iterator[Path]:
    """Yield the radiograph files under ``folder``, at any depth, hidden folders left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_hidden_name(name))
        for name in sorted(names):
            if is_image_name(name):
                yield Path(parent, name)


def find_folders(folder: Path) -> list[Path]:
    """Return the sub-folders of ``folder``, sorted, hidden ones left out."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not is_hidden_name(path.name))


def read_family(name: str) -> str:
    """Return the family of a file name: ``12-rotated3-rotated1.jpg`` belongs to ``12``."""
    return _ROTATIONS.sub("", _EXTENSION.sub("", name))
