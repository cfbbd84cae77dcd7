"""figshare's public API: what an article holds, and under what licence.

Fields: https://docs.figshare.com, "View article details", version 2.
"""

from typing import Any

from pydantic import BaseModel, Field, ValidationError

from fracture_core.base import DatasetError, Settings, quote_first
from fracture_core.datasets.fetch.download import RemoteFile
from fracture_core.datasets.fetch.known import KnownDataset
from fracture_core.datasets.fetch.web import BrokenLineError, UnreachableError, get, read_host

_MD5 = "^([0-9a-fA-F]{32})?$"  # it becomes part of a file's name here


class License(BaseModel):
    """The licence of an article."""

    name: str
    url: str | None = None


class ArticleFile(BaseModel):
    """A file of an article; figshare leaves an MD5 empty where it has none."""

    id: int
    name: str
    size: int = Field(ge=0)
    download_url: str = ""
    computed_md5: str | None = Field(None, pattern=_MD5)
    supplied_md5: str | None = Field(None, pattern=_MD5)


class Article(BaseModel):
    """What is used of an article's description."""

    title: str
    doi: str | None = None
    citation: str | None = None
    license: License
    files: list[ArticleFile]


def read_article(known: KnownDataset, settings: Settings) -> Article:
    """Ask for the description of a known set's article.

    Raises:
        DatasetError: no connection, or the server answers with something else.
    """
    url = f"{settings.figshare_url.rstrip('/')}/articles/{known.figshare_article}"
    try:
        return Article.model_validate(_read_json(url, known, settings))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the answer"
        problem = f"{read_host(url)} describes {known.name} in a way that is not known ({field}: {first['msg']})."
        raise DatasetError(problem, known.remedy) from error


def find_zip(article: Article, known: KnownDataset, settings: Settings) -> RemoteFile:
    """Return the article's zip, the largest if there are several.

    Raises:
        DatasetError: there is none.
    """
    zips = [file for file in article.files if file.name.lower().endswith(".zip") and file.size]
    if not zips:
        names = [file.name for file in article.files]
        raise DatasetError(
            f"{known.name} is published without a zip ({quote_first(names) or 'no files'}).", known.remedy
        )
    file = max(zips, key=lambda file: file.size)
    # figshare's download host turns programs away at times (202 and an empty body); its API does not.
    urls = [file.download_url, f"{settings.figshare_url.rstrip('/')}/file/download/{file.id}"]
    return RemoteFile(
        file.name, tuple(filter(None, urls)), file.size, (file.computed_md5 or file.supplied_md5 or "").lower()
    )


def _read_json(url: str, known: KnownDataset, settings: Settings) -> Any:
    host = read_host(url)
    try:
        with get(url, settings, {"Accept": "application/json"}) as response:
            if response.status_code != 200:
                problem = f"{host} answers {response.status_code} {response.reason} when asked for {known.name}."
                raise DatasetError(problem, f"Try again later. {known.remedy}")
            try:
                return response.json()
            except ValueError as error:
                kind = response.headers.get("Content-Type", "something unnamed")
                problem = f"{host} answers with {kind} rather than JSON; a sign-in page or a proxy may stand between."
                raise DatasetError(problem, known.remedy) from error
    except (UnreachableError, BrokenLineError) as error:
        problem = f"{host} cannot be reached ({error})."
        raise DatasetError(problem, f"Check the network and its proxy. {known.remedy}") from error
