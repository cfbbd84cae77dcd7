"""Making a worklist: its files are put in place first, then its rows are there all at once."""

import secrets
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from fracture_core.base import CountProgress, Settings, WorklistError, get_settings
from fracture_core.datasets import is_zip_name
from fracture_core.networks import Checkpoint
from fracture_core.records.worklist.gather import Gathered, Upload, keep_uploads, keep_zip, list_folder
from fracture_core.records.worklist.places import find_home, find_kept, remove_old_files
from fracture_core.store import WorklistItemRow, WorklistRow, WorklistSource, writing_session

_LONGEST_TITLE, _LONGEST_NAME = 200, 500
_UNREADABLE_NAME = "The file's name is no text that can be kept. Rename it, and make the worklist again."


def create_from_uploads(
    uploads: Sequence[Upload], checkpoint: Checkpoint, *, title: str = "", tell: CountProgress | None = None
) -> str:
    """Make a worklist of files handed in, of which copies are kept; return its id.

    Args:
        uploads: each a radiograph or a zip of radiographs.
        checkpoint: the model that reads them.
        title: as a person calls it; made from the files where it is empty.
        tell: called with bytes done and in all.

    Raises:
        WorklistError: there is no file, or too many.
        DatasetError: a zip is damaged or unsafe, or the disk has no room.
        StoreError: the database cannot be used.
    """
    zips = [upload.name for upload in uploads if is_zip_name(Path(upload.name))]
    title = title or (uploads[0].name if len(uploads) == 1 else f"{len(uploads):,} files")
    source: WorklistSource = "zip" if zips and len(uploads) == 1 else "upload"
    return _keep(
        lambda folder, settings: keep_uploads(uploads, folder, settings, tell or _be_silent), source, title, checkpoint
    )


def create_from_path(path: Path, checkpoint: Checkpoint, *, title: str = "", tell: CountProgress | None = None) -> str:
    """Make a worklist of a folder or zip of this machine; return its id.

    A folder's files stay where they are, a zip is unpacked. Arguments and errors as of ``create_from_uploads``.
    """
    path = path.resolve()
    if path.is_dir():
        settings = get_settings()
        found, left_out = list_folder(path, settings)
        home = find_home(_new_id(), settings)
        home.mkdir(parents=True)
        return _insert(home.name, "folder", str(path), title or path.name, checkpoint, found, left_out)
    if not path.is_file():
        raise WorklistError(f"There is no folder or zip '{path.name}'.", "Check its name and folder.")
    if is_zip_name(path):
        return _keep(
            lambda folder, settings: keep_zip(path, folder / "0-zip", settings, tell or _be_silent),
            "zip",
            title or path.name,
            checkpoint,
            below="0-zip/",
        )
    upload = Upload(path.name, lambda: path.open("rb"), path.stat().st_size)
    return create_from_uploads([upload], checkpoint, title=title, tell=tell)


def create_from_pacs(
    gather: Callable[[Path], tuple[list[Gathered], int]], checkpoint: Checkpoint, *, title: str
) -> str:
    """Make a worklist of what ``gather`` puts into its folder from the PACS; return its id. Errors as of ``gather``."""
    return _keep(lambda folder, _: gather(folder), "PACS", title, checkpoint)


def _keep(
    gather: Callable[[Path, Settings], tuple[list[Gathered], int]],
    source: WorklistSource,
    title: str,
    checkpoint: Checkpoint,
    below: str = "",
) -> str:
    """Let ``gather`` fill a new worklist's folder, then write its rows; leave nothing behind where that fails."""
    settings = get_settings()
    remove_old_files(settings)
    worklist_id = _new_id()
    folder = find_kept(worklist_id, settings)
    try:
        folder.mkdir(parents=True)
        found, left_out = gather(folder, settings)
        found = [Gathered(each.name, below + each.path) for each in found]
        return _insert(worklist_id, source, "", title, checkpoint, found, left_out)
    except OSError as error:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise WorklistError(f"The files cannot be kept ({error.strerror}).", "Check the state folder.") from error
    except BaseException:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def _insert(
    worklist_id: str,
    source: WorklistSource,
    folder: str,
    title: str,
    checkpoint: Checkpoint,
    found: Sequence[Gathered],
    left_out: int,
) -> str:
    if not found:
        raise WorklistError("There is no radiograph in what was given.", "Give JPEG, PNG, TIFF or DICOM files.")
    row = WorklistRow(
        id=worklist_id,
        created_at=datetime.now(UTC),
        title=_make_text(title)[:_LONGEST_TITLE],
        source=source,
        folder=folder,
        left_out=left_out,
        model=checkpoint.name,
        model_sha256=checkpoint.manifest.weights_sha256,
        salt=secrets.token_hex(32),
    )
    with writing_session() as session:
        session.add(row)
        session.flush()
        session.execute(insert(WorklistItemRow), [_build(worklist_id, *each) for each in enumerate(found, 1)])
    return worklist_id


def _build(worklist_id: str, number: int, file: Gathered) -> dict[str, Any]:
    is_text = _make_text(file.path) == file.path
    return {
        "worklist_id": worklist_id,
        "number": number,
        "name": _make_text(file.name)[-_LONGEST_NAME:],
        "path": file.path if is_text else "",
        "status": "waiting" if is_text else "failed",
        "reason": "" if is_text else _UNREADABLE_NAME,
        "notes": [],
        "refusals": [],
    }


def _make_text(name: str) -> str:
    """Return a name with what no database keeps replaced: bytes that are no text, and NUL."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def _new_id() -> str:
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(6)}"


def _be_silent(done: int, total: int) -> None:
    """Tell nobody."""
