"""Kaggle, through its own client, which is not among the app's requirements."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fracture_core.base import DatasetError, word_install
from fracture_core.datasets.fetch.known import KnownDataset


def download_from_kaggle(known: KnownDataset, work: Path) -> Path:
    """Download and unpack a set into ``work``; return its folder. Kaggle's client shows its own bar.

    Raises:
        DatasetError: kagglehub is not installed, or cannot fetch the set.
    """
    try:
        import kagglehub
    except ImportError as error:
        raise DatasetError(
            f"{known.name} comes from Kaggle, whose client kagglehub is not installed.",
            f"Install it: {word_install('data')}. {known.remedy}",
        ) from error
    with _cache_in(work):
        try:
            return Path(kagglehub.dataset_download(known.kaggle_handle))
        # Its errors have no common base: its own, requests', zipfile's, tarfile's and OSError.
        except Exception as error:
            lines = str(error).strip().splitlines() or ["no reason given"]
            raise DatasetError(
                f"kagglehub could not fetch {known.kaggle_handle} ({type(error).__name__}: {lines[0][:200]}).",
                f"Check the network. {known.remedy}",
            ) from error


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    """Let kagglehub keep its files in ``folder``, where a broken download is gone on with."""
    before = os.environ.get("KAGGLEHUB_CACHE")
    os.environ["KAGGLEHUB_CACHE"] = str(folder)
    try:
        yield
    finally:
        del os.environ["KAGGLEHUB_CACHE"]
        if before is not None:
            os.environ["KAGGLEHUB_CACHE"] = before
