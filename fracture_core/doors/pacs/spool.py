"""Files of what came by DICOM, until their results are delivered. Their names say nothing of a patient.

``ID.dcm`` is what came, ``ID.sc`` and ``ID.sr`` are what goes back. A file is whole or not there, also after a power
cut: only then is its sender told that it has arrived.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.filereader import read_file_meta_info

from fracture_core.base import PacsError, drop_unfinished, get_settings, write_atomically
from fracture_core.doors.pacs.kinds import HEADER
from fracture_core.radiographs import quiet_pydicom

_RECEIVED = ".dcm"
_RESULTS = (".sc", ".sr")  # in the order in which they go back
_ID_LENGTH = 32


def find_spool() -> Path:
    """Return the spool's folder, which nobody else on this machine may look into; made where it is not there.

    Raises:
        OSError: the disk does not allow it.
    """
    folder = get_settings().state_dir / "pacs"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def identify(data: bytes) -> str:
    """Return the id of an object: the same for the same bytes."""
    return sha256(data).hexdigest()[:_ID_LENGTH]


def keep_received(object_id: str, data: bytes) -> None:
    """Keep what came, for good; sent once more, it has a later time.

    Raises:
        OSError: the disk is full, or does not allow it.
    """
    write_atomically(find_spool() / f"{object_id}{_RECEIVED}", data)


def list_received() -> dict[str, datetime]:
    """Return the ids of what is here, and when it came."""
    found = {}
    for path in find_spool().glob(f"*{_RECEIVED}"):
        if not path.name.startswith("."):
            found[path.stem] = datetime.fromtimestamp(path.stat().st_mtime_ns // 1000 / 1e6, UTC)
    return found


def read_received(object_id: str) -> bytes:
    """Return what came.

    Raises:
        PacsError: it is not here any more.
    """
    try:
        return (find_spool() / f"{object_id}{_RECEIVED}").read_bytes()
    except FileNotFoundError:
        raise PacsError("What was received is not here any more.", "Send it again.") from None


def read_peer(object_id: str) -> str:
    """Return the title of the application entity that sent an object; empty where its file is damaged."""
    try:
        meta = read_file_meta_info(find_spool() / f"{object_id}{_RECEIVED}")
        return str(meta.get("SourceApplicationEntityTitle", ""))
    except Exception:  # noqa: BLE001 - one damaged file must not keep the others from being read; reading it tells why
        return ""


def read_header(object_id: str) -> Dataset:
    """Return what says of which kind an object is."""
    with quiet_pydicom():
        return dcmread(find_spool() / f"{object_id}{_RECEIVED}", stop_before_pixels=True, specific_tags=HEADER)


def keep_results(object_id: str, results: Sequence[bytes]) -> None:
    """Keep what goes back; errors as of ``keep_received``."""
    for suffix, data in zip(_RESULTS, results, strict=True):
        write_atomically(find_spool() / f"{object_id}{suffix}", data)


def read_results(object_id: str) -> list[bytes]:
    """Return what goes back; nothing where it is not all there."""
    paths = [find_spool() / f"{object_id}{suffix}" for suffix in _RESULTS]
    return [path.read_bytes() for path in paths] if all(path.exists() for path in paths) else []


def remove(object_id: str) -> None:
    """Remove the files of an object; what came goes first, so that nothing is read again."""
    for suffix in (_RECEIVED, *_RESULTS):
        (find_spool() / f"{object_id}{suffix}").unlink(missing_ok=True)


def has_received(object_id: str) -> bool:
    """Return whether what came is still here."""
    return (find_spool() / f"{object_id}{_RECEIVED}").exists()


def clean() -> None:
    """Remove what a killed process left half-written or half-removed; hold the service's lock.

    Of the half-written nobody was told anything; results without what they are about were delivered or given up.
    """
    folder = find_spool()
    drop_unfinished(folder)
    for path in folder.iterdir():
        if path.suffix in _RESULTS and not has_received(path.stem):
            path.unlink(missing_ok=True)
