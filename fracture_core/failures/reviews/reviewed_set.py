"""The data set ``reviewed`` on disk: STATE_DIR/reviewed with a manifest.csv, whole after every step.

Pictures are put in place before the rows that name them, and removed after; what a killed process
left without a row goes with the next change.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from fracture_core.base import get_settings, write_atomically
from fracture_core.datasets import (
    MANIFEST_NAME,
    REVIEWED_DATASET,
    check_free_space,
    read_csv_table,
    telling_disk_errors,
)

COLUMNS = (
    "path",
    "label",
    "group",
    "region",
    "view",
    "hardware",
    "box",
    "source_dataset",
    "source_name",
    "by",
    "at",
)
_IMAGES = "images"

READINGS = "app/readings"  # in place of a data set's name; no folder can be called so

ReviewedKey = tuple[str, str]  # data set and name that a radiograph was handed over from


class ReviewedSet:
    """The rows of the manifest while nobody else changes them; ``save`` makes changes last."""

    def __init__(self, root: Path) -> None:
        self.root = root
        path = root / MANIFEST_NAME
        rows = read_csv_table(path, ("path", "label"), "Restore manifest.csv.") if path.is_file() else []
        self._others = [row for row in rows if not row.get("source_name")]  # a person's own
        self._rows = {
            (row["source_dataset"], row["source_name"]): row
            for row in rows
            if row.get("source_name") and row.get("source_dataset") is not None
        }

    def find(self, key: ReviewedKey) -> dict[str, str] | None:
        """Return the row of what was handed over, by column, or None."""
        return self._rows.get(key)

    def put(self, key: ReviewedKey, row: dict[str, str], picture: bytes | None, extension: str) -> None:
        """Add or replace a row; its picture is written at once, None leaves the one that is there."""
        path = self._rows[key]["path"] if picture is None else f"{_IMAGES}/{_name_file(key)}{extension}"
        if picture is not None:
            check_free_space(self.root, len(picture), "Handing over a radiograph")
            write_atomically(self.root / path, picture)
        self._rows[key] = {"path": path, "source_dataset": key[0], "source_name": key[1], **row}

    def take_out(self, key: ReviewedKey) -> bool:
        """Remove a row; False where there was none."""
        return self._rows.pop(key, None) is not None

    def list_keys(self) -> list[ReviewedKey]:
        """Return what was handed over."""
        return list(self._rows)

    def save(self) -> None:
        """Write the manifest in one step, then remove pictures that no row names."""
        rows = [*self._others, *self._rows.values()]
        columns = list(dict.fromkeys([*COLUMNS, *(column for row in rows for column in row)]))
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_atomically(self.root / MANIFEST_NAME, buffer.getvalue().encode("utf-8"))
        named = {row["path"] for row in rows}
        for path in (self.root / _IMAGES).glob("*"):
            if f"{_IMAGES}/{path.name}" not in named:
                path.unlink(missing_ok=True)


@contextmanager
def changing_reviewed_set() -> Iterator[ReviewedSet]:
    """Lend the set to one session at a time; nothing lasts unless ``save`` is called.

    Raises:
        DatasetError: the manifest cannot be read, or the disk is full or refuses.
    """
    root = find_reviewed_root()
    with telling_disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".lock"):
            yield ReviewedSet(root)


def name_reviewed_reading(sha256: str, frame: int) -> ReviewedKey:
    """Return what the row of a reading goes by: a file that is read twice is one radiograph."""
    return READINGS, f"{sha256}/{frame}"


def find_reviewed_root() -> Path:
    """Return the set's folder; it need not be there."""
    return get_settings().state_dir / REVIEWED_DATASET


def _name_file(key: ReviewedKey) -> str:
    """Return a name that tells nothing: a file's own may hold a patient's."""
    return hashlib.sha256("\0".join(key).encode("utf-8")).hexdigest()[:20]
