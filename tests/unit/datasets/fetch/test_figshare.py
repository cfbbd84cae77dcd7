"""What figshare says of an article is taken as it is meant, or refused with the way round it."""

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.fetch.figshare import Article, find_zip, read_article
from fracture_core.datasets.fetch.known import find_known_dataset
from tests.unit.datasets.fetch.figshare_server import FakeFigshare

KNOWN = find_known_dataset("fracatlas")


def make_article(*files: dict[str, object]) -> Article:
    return Article.model_validate({"title": "t", "license": {"name": "CC BY 4.0"}, "files": list(files)})


def make_file(name: str, size: int, **more: object) -> dict[str, object]:
    return {"id": size, "name": name, "size": size, "download_url": f"https://files/{size}", **more}


def test_the_article_is_asked_of_the_address_in_the_settings(figshare: FakeFigshare) -> None:
    article = read_article(KNOWN, get_settings())
    assert article.license.name and find_zip(article, KNOWN, get_settings()).size_bytes == len(figshare.content)


def test_the_largest_zip_is_taken_with_a_second_address(own_settings: Settings) -> None:
    files = [
        make_file("notes.txt", 9000),
        make_file("small.zip", 10),
        make_file("LARGE.ZIP", 500, computed_md5="A" * 32),
    ]
    found = find_zip(make_article(*files), KNOWN, own_settings)
    assert (found.name, found.size_bytes, found.md5) == ("LARGE.ZIP", 500, "a" * 32)
    assert found.urls == ("https://files/500", f"{own_settings.figshare_url.rstrip('/')}/file/download/500")


def test_an_md5_as_it_was_handed_in_will_do_and_none_is_empty(own_settings: Settings) -> None:
    for more, md5 in (({"supplied_md5": "b" * 32, "computed_md5": ""}, "b" * 32), ({}, "")):
        assert find_zip(make_article(make_file("a.zip", 1, **more)), KNOWN, own_settings).md5 == md5


@pytest.mark.parametrize("files", [[], [make_file("a.tar", 5)], [make_file("a.zip", 0)]])
def test_an_article_without_a_zip_says_where_to_look(files: list[dict[str, object]], own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match="FracAtlas is published without a zip") as caught:
        find_zip(make_article(*files), KNOWN, own_settings)
    assert KNOWN.page in caught.value.remedy


def test_an_md5_that_is_none_is_not_taken_into_a_file_name() -> None:
    with pytest.raises(ValueError, match="computed_md5"):
        make_article(make_file("a.zip", 1, computed_md5="../../out"))
