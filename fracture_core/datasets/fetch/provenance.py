"""Where a fetched data set came from and under what licence, kept beside it as source.json."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from fracture_core.base import write_json

SOURCE = "source.json"


class Provenance(BaseModel):
    """What a person who uses a data set has to know and to cite; empty where nothing is stated."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    page: str
    licence: str
    licence_url: str = ""
    citation: str
    doi: str = ""
    file: str = ""
    size_bytes: int | None = None
    md5: str = ""
    fetched_at: str


def write_provenance(folder: Path, provenance: Provenance) -> None:
    """Write source.json into a data set's folder, atomically."""
    write_json(folder / SOURCE, provenance.model_dump(mode="json"))


def read_provenance(folder: Path) -> Provenance | None:
    """Return what source.json of a data set's folder says; None where it is not there or not ours."""
    try:
        return Provenance.model_validate_json((folder / SOURCE).read_bytes())
    except (OSError, ValidationError):
        return None
