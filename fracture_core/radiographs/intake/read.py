"""Untrusted bytes to a Radiograph: the one door through which files come in."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

import numpy as np

from fracture_core.base import CorruptFileError, EmptyFileError, IntakeError, Settings, get_settings
from fracture_core.radiographs.intake.dicom import read_dicom
from fracture_core.radiographs.intake.limits import check_file_size
from fracture_core.radiographs.intake.raster import read_raster
from fracture_core.radiographs.intake.sniff import detect_file_type
from fracture_core.radiographs.radiograph import Radiograph

__all__ = ["read_file_bytes", "read_radiograph", "read_radiograph_file"]


def read_radiograph(data: bytes, *, frame: int = 0, settings: Settings | None = None) -> Radiograph:
    """Read a radiograph from the bytes of a JPEG, PNG, TIFF or DICOM file.

    Args:
        data: the whole file. Its type is decided by its content.
        frame: zero-based frame of a multi-frame DICOM or page of a TIFF.
        settings: limits; the process's settings by default.

    Returns:
        A Radiograph with ``(H, W)`` float32 pixels in [0, 1], 0 black and 1 white.

    Raises:
        IntakeError: the file cannot be read, and only that; a subclass tells the kind.
    """
    settings = settings or get_settings()
    if not data:
        raise EmptyFileError("The file is empty.", "Choose another file, or export the radiograph again.")
    check_file_size(len(data), settings)
    source_type = detect_file_type(data)
    try:
        if source_type == "DICOM":
            radiograph = read_dicom(data, frame=frame, settings=settings)
        else:
            radiograph = read_raster(data, source_type, frame=frame, settings=settings)
        return _complete(radiograph, data)
    except IntakeError:
        raise
    except Exception:  # noqa: BLE001 - not chained: a library's message may quote the header, and that ends in logs
        raise CorruptFileError(
            f"The {source_type} file is damaged in a way that makes it unreadable.",
            "Export the radiograph again from the PACS.",
        ) from None


def read_radiograph_file(path: Path, *, frame: int = 0, settings: Settings | None = None) -> Radiograph:
    """Read a radiograph from a file; its size is checked before it is read.

    Args:
        path: a regular file.
        frame: as for `read_radiograph`.
        settings: as for `read_radiograph`.

    Raises:
        IntakeError: the file is missing, a folder, not permitted, or cannot be read as a radiograph.
    """
    settings = settings or get_settings()
    return read_radiograph(read_file_bytes(path, settings=settings), frame=frame, settings=settings)


def read_file_bytes(path: Path, *, settings: Settings | None = None) -> bytes:
    """Return a file's bytes, unless it is larger than the settings allow.

    Raises:
        IntakeError: the file is missing, a folder, not permitted, or too large.
    """
    settings = settings or get_settings()
    path = Path(path)
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            kind = "a folder" if path.is_dir() else "not a regular file"
            raise IntakeError(f"'{path.name}' is {kind}.", "Choose the file of a single radiograph.")
        check_file_size(status.st_size, settings)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise IntakeError(f"There is no file '{path.name}'.", "Check its name and folder.") from error
    except PermissionError as error:
        raise IntakeError(
            f"The file '{path.name}' may not be read.", "Ask for permission to read it, or choose a copy."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise IntakeError(
            f"The file '{path.name}' cannot be opened.", "Check the disk, or copy the file again."
        ) from error


def _complete(radiograph: Radiograph, data: bytes) -> Radiograph:
    """Add the hash and the notice of a uniform picture; hold the pixels to their promise."""
    low, high = float(radiograph.pixels.min()), float(radiograph.pixels.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise CorruptFileError("The file holds pixels that are not numbers.", "Export the radiograph again.")
    notes = radiograph.warnings
    if low == high:
        notes += ("The picture is uniform: all its pixels have the same brightness.",)
    return replace(
        radiograph,
        pixels=np.clip(radiograph.pixels, 0.0, 1.0).astype(np.float32, copy=False),
        sha256=sha256(data).hexdigest(),
        warnings=notes,
    )
