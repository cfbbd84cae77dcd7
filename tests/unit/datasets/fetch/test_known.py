"""Every set that can be fetched says where it is published, under what terms, and what to do by hand."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.fetch.known import KNOWN_DATASETS, find_known_dataset


@pytest.mark.parametrize("key", KNOWN_DATASETS)
def test_a_known_set_tells_its_source_and_terms(key: str) -> None:
    known = find_known_dataset(key)
    assert known.licence and known.citation and known.page.startswith("https://")
    assert (known.figshare_article is None) != (known.kaggle_handle is None), "published in one place"
    assert known.page in known.remedy and "--data" in known.remedy


def test_names_of_folders_are_told_apart() -> None:
    assert len({known.name for known in KNOWN_DATASETS.values()}) == len(KNOWN_DATASETS)


def test_an_unknown_key_says_which_there_are() -> None:
    with pytest.raises(DatasetError, match=r"'mura' is no data set .* There are: fracatlas, kaggle"):
        find_known_dataset("mura")
