"""Fetch a public data set into its own folder, whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from fracture_core.base import DatasetError, Settings, StageProgress, get_settings
from fracture_core.datasets.archives.disk import check_free_space, new_folder, telling_disk_errors
from fracture_core.datasets.archives.zip_entries import list_zip_entries
from fracture_core.datasets.archives.zips import extract_entries, open_zip
from fracture_core.datasets.fetch.download import RemoteFile, download, measure
from fracture_core.datasets.fetch.figshare import Article, find_zip, read_article
from fracture_core.datasets.fetch.kaggle import download_from_kaggle
from fracture_core.datasets.fetch.known import KnownDataset, find_known_dataset
from fracture_core.datasets.fetch.provenance import Provenance, read_provenance, write_provenance
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog


@dataclass(frozen=True)
class Fetched:
    """A data set that is there now.

    Attributes:
        catalog: what it holds.
        path: its folder, or the zip that someone had put there.
        provenance: its licence and citation; None where it was put there by hand.
        was_there: whether nothing had to be fetched.
    """

    catalog: Catalog
    path: Path
    provenance: Provenance | None
    was_there: bool


def fetch_dataset(
    key: str, *, to: Path | None = None, settings: Settings | None = None, progress: StageProgress | None = None
) -> Fetched:
    """Download, check and unpack a known data set; one that is there already is left as it is.

    A download that broke off, or was interrupted, is gone on with by the next call.

    Args:
        key: "fracatlas" or "kaggle".
        to: folder that will hold the set's own folder; ``data_dir`` by default.
        progress: called with a stage's name, and bytes done and in all.

    Raises:
        DatasetError: no such set, no connection, no room, or what came is damaged or no data set.
    """
    settings, known = settings or get_settings(), find_known_dataset(key)
    written = os.path.expanduser(to or settings.data_dir)  # noqa: PTH111 - pathlib's raises where a ~name is nobody's
    parent = Path(os.path.abspath(written))  # noqa: PTH100 - pathlib's would follow links
    with telling_disk_errors(parent):
        there = _find_there(known, parent, settings)
    if there is not None:
        return there
    work = parent / ".downloads" / known.name
    with telling_disk_errors(work), _lock(work, known):
        folder, provenance = _download(known, work, settings, progress or (lambda stage, done, total: None))
        _put_in_place(folder, parent / known.name, provenance)
        shutil.rmtree(work, ignore_errors=True)
    return Fetched(read_catalog(parent / known.name), parent / known.name, provenance, was_there=False)


def _find_there(known: KnownDataset, parent: Path, settings: Settings) -> Fetched | None:
    directory, zipped = parent / known.name, parent / f"{known.name}.zip"
    if directory.is_dir() and not any(directory.iterdir()):
        return None  # an empty folder is as good as none
    path = directory if directory.exists() else zipped
    if not path.exists():
        return None
    try:
        return Fetched(read_catalog(path, settings=settings), path, read_provenance(path), was_there=True)
    except DatasetError as error:
        raise DatasetError(
            f"{path} is in the way and is no data set that can be read: {error.problem}",
            "Move it away, and run the command again.",
        ) from error


@contextmanager
def _lock(work: Path, known: KnownDataset) -> Iterator[None]:
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work.with_name(f".{work.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise DatasetError(f"Another process is fetching {known.name}.", "Wait until it is done.") from error


def _download(known: KnownDataset, work: Path, settings: Settings, progress: StageProgress) -> tuple[Path, Provenance]:
    """Return the unpacked set in ``work`` and where it came from."""
    fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
    common = known.model_dump(include={"name", "title", "page", "licence", "citation"}) | {"fetched_at": fetched_at}
    if known.kaggle_handle:
        return download_from_kaggle(known, work), Provenance(**common)
    article = read_article(known, settings)
    file = find_zip(article, known, settings)
    zipped = work / f"{file.md5 or file.size_bytes}.zip"  # another version of the file is another download
    # Radiographs hardly shrink in a zip: unpacked they take about what the zip takes.
    check_free_space(work, 2 * file.size_bytes - measure(zipped), f"Downloading and unpacking {file.name}")
    download(file, zipped, settings, lambda done, total: progress(f"Downloading {file.name}", done, total))
    folder = _unpack(zipped, work / "unpacked", settings, progress)
    return folder, Provenance(**(common | _describe(known, article, file)))


def _describe(known: KnownDataset, article: Article, file: RemoteFile) -> dict[str, object]:
    """Return what figshare says of the set; the article's own words go before ours."""
    said = {
        "title": article.title,
        "citation": " ".join(filter(None, [known.citation, article.citation])),
        "licence": article.license.name,
        "licence_url": article.license.url,
        "doi": article.doi,
        "file": file.name,
        "size_bytes": file.size_bytes,
        "md5": file.md5,
    }
    return {key: value for key, value in said.items() if value}


def _unpack(zipped: Path, folder: Path, settings: Settings, progress: StageProgress) -> Path:
    with open_zip(zipped) as archive, new_folder(folder) as partial:
        entries = list_zip_entries(archive, settings)
        extract_entries(archive, entries, partial, lambda done, total: progress("Unpacking", done, total))
    return folder


def _put_in_place(folder: Path, directory: Path, provenance: Provenance) -> None:
    """Rename the set's own folder to ``directory``, once it is known to be a data set."""
    try:
        root = read_catalog(folder).root
    except DatasetError as error:
        problem = error.problem.replace(str(folder), "it")
        raise DatasetError(f"What was downloaded as {provenance.name} is not used: {problem}", error.remedy) from error
    while folder != root and len(list(folder.iterdir())) == 1:  # an archive's outer folder holds nothing else
        folder = next(folder.iterdir())
    write_provenance(folder, provenance)
    folder.replace(directory)
