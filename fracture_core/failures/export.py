"""A view of failures as files: a table, and a zip with images and heatmaps made anew.

Nothing of a file's header (Exif, DICOM) goes out: pictures are written from pixels.
"""

import csv
import errno
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from fracture_core.base import CountProgress, ExportError, IntakeError, quote_cell, write_atomically_with
from fracture_core.datasets import LABELS, Catalog
from fracture_core.evaluation import Prediction
from fracture_core.failures.export_readme import write_readme
from fracture_core.failures.filters import FailureFilters
from fracture_core.failures.reviews.records import Note, Review
from fracture_core.failures.selection import FailureEntry
from fracture_core.failures.table import FailureTable
from fracture_core.networks import Checkpoint
from fracture_core.radiographs import Radiograph, blend_heatmap, read_radiograph_file
from fracture_core.reading import Predictor

COLUMNS = (
    "name",
    "kind",
    "label",
    "p_fracture",
    "call",
    "correct",
    "radiograph",
    "files_of_radiograph",
    "wrong_of_radiograph",
    "group",
    "region",
    "views",
    "hardware",
    "width_px",
    "height_px",
    "tags",
    "label_proposed",
    "proposed_by",
    "reviewed",
    "notes",
    "last_by",
    "last_at_utc",
    "mark",
)
_PICTURE_COLUMNS = ("image", "heatmap", "image_missing")
_OPACITY = 0.55
_LONGEST_STEM = 60
_ABSENT = "The data set is not on this machine."
_GONE = "The file is no longer in the data set."


@dataclass(frozen=True)
class ExportedFailures:
    """What a zip holds.

    Attributes:
        images, heatmaps: how many of each.
        missing: by name, why a file has no image; it is a row of the table all the same.
    """

    images: int
    heatmaps: int
    missing: dict[str, str]


def build_failures_csv(table: FailureTable, entries: Iterable[FailureEntry]) -> str:
    """Return a row a file, with what people said of it; labels are 1 for fractured, times in UTC.

    What a spreadsheet would run as a formula starts with an apostrophe.
    """
    return _write_table(COLUMNS, (_build_row(table, entry, file) for entry in entries for file in entry.files))


def write_failures_zip(
    path: Path,
    table: FailureTable,
    entries: Iterable[FailureEntry],
    *,
    checkpoint: Checkpoint,
    catalog: Catalog | None,
    filters: FailureFilters | None = None,
    predictor: Predictor | None = None,
    heatmaps: bool = True,
    progress: CountProgress | None = None,
) -> ExportedFailures:
    """Write failures.csv, images/, heatmaps/ and README.txt into a zip that is there whole, or not at all.

    One picture is in memory at a time. An error raised by ``progress`` stops it and leaves nothing behind.

    Args:
        catalog: of the evaluation's data set; None where it is not on this machine.
        filters: what the entries were selected with, named in README.txt.
        predictor: of the checkpoint, for the heatmaps; one is made if they are wanted and none is given.

    Raises:
        ExportError: nothing to export, or the disk is full or refuses.
        CheckpointDamagedError: the weights are not the ones the manifest names.
    """
    chosen = [(entry, file) for entry in entries for file in entry.files]
    if not chosen:
        raise ExportError("The view holds no image, so there is nothing to export.", "Loosen the filters.")
    if heatmaps and catalog and predictor is None:
        predictor = Predictor(checkpoint)
    job = _Job(table, catalog, predictor if heatmaps else None, progress or (lambda done, total: None))

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            rows = [*job.write_pictures(archive, chosen)]
            content = _write_table((*COLUMNS, *_PICTURE_COLUMNS), rows)
            archive.writestr("failures.csv", content, zipfile.ZIP_DEFLATED)
            done = job.exported
            readme = write_readme(
                table.evaluation,
                checkpoint,
                filters or FailureFilters(),
                images=done.images,
                heatmaps=done.heatmaps,
                missing=len(done.missing),
            )
            archive.writestr("README.txt", readme, zipfile.ZIP_DEFLATED)

    try:
        write_atomically_with(path, write)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ExportError(
            f"The zip could not be written ({'the disk is full' if full else error.strerror or error}).",
            f"Free some space in {path.parent}, and see that it can be written to.",
        ) from error
    return job.exported


class _Job:
    """One zip in the making."""

    def __init__(
        self, table: FailureTable, catalog: Catalog | None, predictor: Predictor | None, progress: CountProgress
    ) -> None:
        self._table = table
        self._paths = None if catalog is None else {item.name: item.path for item in catalog.items}
        self._predictor = predictor
        self._progress = progress
        self._counts = {"images": 0, "heatmaps": 0}
        self._missing: dict[str, str] = {}

    @property
    def exported(self) -> ExportedFailures:
        return ExportedFailures(self._counts["images"], self._counts["heatmaps"], self._missing)

    def write_pictures(
        self, archive: zipfile.ZipFile, chosen: list[tuple[FailureEntry, Prediction]]
    ) -> Iterator[tuple[object, ...]]:
        """Yield a row a file, its pictures written."""
        for number, (entry, file) in enumerate(chosen, start=1):
            names = ("", "", "")
            try:
                names = (*self._write_pair(archive, self._read(file.name), _name_picture(number, file.name)), "")
            except IntakeError as error:
                self._missing[file.name] = str(error)
                names = ("", "", str(error))
            yield (*_build_row(self._table, entry, file), *names)
            self._progress(number, len(chosen))

    def _read(self, name: str) -> Radiograph:
        if self._paths is None:
            raise IntakeError(_ABSENT)
        if name not in self._paths:
            raise IntakeError(_GONE)
        return read_radiograph_file(self._paths[name])

    def _write_pair(self, archive: zipfile.ZipFile, radiograph: Radiograph, name: str) -> tuple[str, str]:
        gray = radiograph.to_uint8()
        image = self._write(archive, "images", name, gray)
        if self._predictor is None:
            return image, ""
        heatmap = self._predictor.read(radiograph).heatmap
        return image, self._write(archive, "heatmaps", name, blend_heatmap(gray, heatmap, _OPACITY))

    def _write(self, archive: zipfile.ZipFile, folder: str, name: str, pixels: np.ndarray) -> str:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", compress_level=4)
        archive.writestr(f"{folder}/{name}", buffer.getvalue())
        self._counts[folder] += 1
        return f"{folder}/{name}"


def _name_picture(number: int, name: str) -> str:
    """Return a name that any system takes, and that no other file of the zip has."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", PurePosixPath(name).stem).strip("_-")[:_LONGEST_STEM]
    return f"{number:05d}-{stem or 'image'}.png"


def _write_table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([quote_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return buffer.getvalue()


def _build_row(table: FailureTable, entry: FailureEntry, file: Prediction) -> tuple[object, ...]:
    review = table.reviews.get(file.name, Review())
    return (
        file.name,
        file.kind,
        file.label,
        f"{file.p_fracture:.6f}",
        file.call or "",
        int(file.correct),
        file.radiograph,
        entry.n_files,
        entry.n_wrong,
        file.group,
        file.region or "",
        "+".join(file.views),
        "" if file.hardware is None else int(file.hardware),
        file.width_px or "",
        file.height_px or "",
        "; ".join(review.tags),
        "" if review.proposed_label is None else LABELS[review.proposed_label],
        review.proposed_by,
        int(review.reviewed),
        "\n".join(_word_note(note) for note in review.notes),
        review.last_by,
        f"{review.last_at:%Y-%m-%d %H:%M:%S}" if review.last_at else "",
        table.evaluation.mark,
    )


def _word_note(note: Note) -> str:
    return f"{note.who}, {note.at:%Y-%m-%d %H:%M}: {note.text}"
