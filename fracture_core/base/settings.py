"""Typed settings from the environment and ``fracture.toml``; an error names the key.

Every key can be set as ``FRACTURE_<KEY>`` in the environment (first) or as
``<key> = ...`` in ``fracture.toml`` in the working directory (second).
"""

from functools import lru_cache
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from fracture_core.base.errors import SettingsError

_LIBRARY_DIR = Path(__file__).resolve().parents[1]
# A wheel carries what stands beside the library in a checkout (pages, ui, checkpoints) inside of it, as the file
# pyproject.toml says.
_SHIPPED_DIR = _LIBRARY_DIR / "shipped"
IS_INSTALLED = _SHIPPED_DIR.is_dir()
PROJECT_DIR = _SHIPPED_DIR if IS_INSTALLED else _LIBRARY_DIR.parent


def _find_home() -> Path:
    """Return where the folders of the settings lie by default: the checkout, or the user's own folder for data."""
    if not IS_INSTALLED:
        return PROJECT_DIR
    from platformdirs import user_data_path  # a checkout does without

    return user_data_path("fracture", appauthor=False)


_HOME = _find_home()


class Settings(BaseSettings):
    """All settings with their defaults; paths are created when first written to."""

    model_config = SettingsConfigDict(env_prefix="FRACTURE_", toml_file="fracture.toml", extra="forbid", frozen=True)

    checkpoints_dir: Path = Field(_HOME / "checkpoints", description="folder of checkpoints")
    state_dir: Path = Field(_HOME / "var", description="runs, caches, evaluations, logs")
    data_dir: Path = Field(_HOME / "data", description="folder whose sub-folders and zips are data sets")
    default_checkpoint: str = Field("efficientnet-lite0", description="name of the checkpoint that is served")
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"

    max_file_bytes: int = Field(200 * 1024**2, gt=0, description="largest file accepted")
    max_pixels: int = Field(64_000_000, gt=0, description="largest width x height accepted")
    max_frames: int = Field(500, gt=0, description="most frames of a multi-frame file")
    decode_timeout_s: float = Field(60.0, gt=0, description="longest time one file may take to decode")
    decode_memory_bytes: int = Field(4 * 1024**3, gt=0, description="memory of the decoding process")

    max_zip_entries: int = Field(500_000, gt=0, description="most files of a zipped data set")
    max_unpacked_bytes: int = Field(64 * 1024**3, gt=0, description="largest data set that is unpacked from a zip")
    max_unpacked_ratio: float = Field(100.0, gt=0, description="most times its own size that a zip may unpack to")
    figshare_url: str = Field("https://api.figshare.com/v2", description="figshare's API, or a mirror of it")
    download_timeout_s: float = Field(30.0, gt=0, description="longest silence of a server in a download")
    download_retries: int = Field(5, ge=0, description="how often a broken download goes on by itself")

    thumbnails_max_bytes: int = Field(512 * 1024**2, gt=0, description="most room for small pictures kept in state_dir")

    worklist_dirs: tuple[Path, ...] = Field(
        (), description="folders that the page may read worklists from; empty: data_dir"
    )
    worklist_days: int = Field(30, ge=1, description="how long the files handed in for a worklist are kept")
    max_worklist_files: int = Field(10_000, ge=1, description="most files of a worklist")

    history_days: int = Field(0, ge=0, le=36_500, description="how long readings stay in the history; 0: for good")
    keep_pictures: bool = Field(
        False, description="whether the pixels of what is read are kept, without header, for History and training"
    )

    api_token: SecretStr = Field(SecretStr(""), description="what requests to the API must bring; empty: nothing")
    api_readings: int = Field(2, ge=1, le=64, description="radiographs that the API decodes at a time")
    api_waiting: int = Field(
        60, ge=0, le=10_000, description="requests that may wait for that; more are told to come later"
    )

    database_url: str = Field(
        "", description="SQLAlchemy address, such as postgresql://user:password@host/name; empty: SQLite"
    )
    database_patience_s: float = Field(
        5.0, gt=0, description="longest wait for a database that is locked or does not answer"
    )
    max_trainings: int = Field(1, ge=1, le=64, description="trainings at a time on this machine; more wait their turn")
    training_threads: int = Field(0, ge=0, description="threads of a training in the background; 0: all cores but one")

    pacs_url: str = Field("", description="DICOMweb address of the PACS, such as https://host/dicom-web; empty: none")
    pacs_user: str = Field("", description="name for the PACS (HTTP Basic)")
    pacs_password: str = Field("", repr=False, description="password for it")
    pacs_token: str = Field("", repr=False, description="bearer token for the PACS, instead of name and password")
    pacs_verify_tls: bool = Field(True, description="whether the PACS's TLS certificate is checked")
    pacs_ca_file: Path | None = Field(
        None, description="certificates that sign the PACS's own, PEM; none: the public ones"
    )
    pacs_timeout_s: float = Field(20.0, gt=0, description="longest silence of the PACS")
    dimse_aet: str = Field(
        "FRACTURE", pattern=r"^[!-\[\]-~]{1,16}$", description="application entity title of our DICOM service"
    )
    dimse_host: str = Field("127.0.0.1", description="address that the DICOM service listens on")
    dimse_port: int = Field(11112, ge=1, le=65535, description="its port")
    dimse_peers: tuple[str, ...] = Field((), description="application entity titles that may send to it")
    dimse_destination: str = Field("", description="where its results go: host:port:AET, or the address in pacs_url")

    dicom_manufacturer: str = Field(
        "fracture_core", min_length=1, max_length=64, description="maker named in DICOM objects made here"
    )
    keep_patient_data: bool = Field(
        False, description="whether the log may quote what a DICOM header or a library says of it"
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the process's settings, read once.

    Raises:
        SettingsError: a value is of the wrong type or out of range; names the key.
    """
    try:
        return Settings()
    except TOMLDecodeError as error:
        raise SettingsError(f"fracture.toml is not TOML: {error}.", "Write one 'key = value' a line.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"Setting '{key}' is not usable: {first['msg']}.",
            f"Correct FRACTURE_{key.upper()} in the environment or '{key}' in fracture.toml.",
        ) from error


def word_install(extra: str) -> str:
    """Return the command that installs what is optional: "pretrained", "data" or "postgres"."""
    return f"pip install 'fracture-core[{extra}]'" if IS_INSTALLED else f"pip install -r requirements-{extra}.txt"
