"""Audits of drawn data sets, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fracture_core.base.settings import get_settings
from fracture_core.datasets.audit.report import AuditReport
from fracture_core.datasets.audit.run import audit_dataset
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.layouts.items import Catalog
from tests.planted import write_clean, write_planted


@pytest.fixture(scope="package")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("audits")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRACTURE_STATE_DIR", str(directory / "state"))
        get_settings.cache_clear()
        yield directory
    get_settings.cache_clear()


@pytest.fixture(scope="package")
def planted_catalog(state: Path) -> Catalog:
    return read_catalog(write_planted(state / "planted"))


@pytest.fixture(scope="package")
def planted(planted_catalog: Catalog) -> AuditReport:
    return audit_dataset(planted_catalog, split="random")


@pytest.fixture(scope="package")
def clean(state: Path) -> AuditReport:
    return audit_dataset(read_catalog(write_clean(state / "clean")))
