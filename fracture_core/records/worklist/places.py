"""Where the files of a worklist lie, and for how long."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from fracture_core.base import Settings, WorklistError, get_settings
from fracture_core.store import WorklistRow, has_database, reading_session

_NEW_S = 24 * 3600.0  # a folder without rows may be of a worklist that is just being made


def find_home(worklist_id: str, settings: Settings | None = None) -> Path:
    """Return the folder of a worklist: its lock, and the files handed in for it."""
    return (settings or get_settings()).state_dir / "worklists" / worklist_id


def find_kept(worklist_id: str, settings: Settings | None = None) -> Path:
    """Return where copies of a worklist's files lie, while they are kept."""
    return find_home(worklist_id, settings) / "files"


def find_worklist_file(worklist_id: str, folder: str, path: str, settings: Settings | None = None) -> Path:
    """Return where an item's file is.

    Args:
        worklist_id, folder: of the worklist.
        path: of the item.

    Raises:
        WorklistError: it is not there, or not any more.
    """
    found = (Path(folder) if folder else find_kept(worklist_id, settings)) / path
    if found.is_file():
        return found
    if folder:
        raise WorklistError("The file is not in its folder any more.", "Put it back, or make a new worklist.")
    days = (settings or get_settings()).worklist_days
    raise WorklistError(
        f"The file has gone: files handed in are kept for {days} days.", "Hand it in again to look at it."
    )


def list_worklist_folders(settings: Settings | None = None) -> list[Path]:
    """Return the folders of this machine that a worklist may be made from on the page; those that are there."""
    settings = settings or get_settings()
    folders = settings.worklist_dirs or (settings.data_dir,)
    return [folder.resolve() for folder in folders if folder.is_dir()]


def check_worklist_folder(text: str, settings: Settings | None = None) -> Path:
    """Return the folder or zip that a person names, if the settings allow it.

    Args:
        text: a path; one that is not absolute is looked for in the allowed folders.

    Raises:
        WorklistError: it is not there, or not below an allowed folder.
    """
    allowed = list_worklist_folders(settings)
    named = Path(text.replace("\0", "").strip()).expanduser()
    places = [named] if named.is_absolute() else [folder / named for folder in allowed]
    inside = [place.resolve() for place in places if any(place.resolve().is_relative_to(each) for each in allowed)]
    there = [place for place in inside if place.exists()]
    if text.strip() and there:
        return there[0]
    where = ", ".join(str(folder) for folder in allowed) or "none, as the settings stand"
    raise WorklistError(
        "There is no such folder or zip among those that may be read here.",
        f"Name one below: {where}. The setting worklist_dirs names others.",
    )


def remove_old_files(settings: Settings | None = None) -> None:
    """Remove the copies of worklists older than the settings allow, and what is left of deleted ones."""
    settings = settings or get_settings()
    root = settings.state_dir / "worklists"
    if not root.is_dir() or not has_database(settings):
        return
    with reading_session(settings) as session:
        made = {row.id: row.created_at for row in session.execute(select(WorklistRow.id, WorklistRow.created_at))}
    oldest = datetime.now(UTC) - timedelta(days=settings.worklist_days)
    for home in root.iterdir():
        if home.name not in made and time.time() - home.stat().st_mtime > _NEW_S:
            shutil.rmtree(home, ignore_errors=True)
        elif home.name in made and made[home.name] < oldest:
            shutil.rmtree(home / "files", ignore_errors=True)
