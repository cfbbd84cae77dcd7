"""Kept pictures: only where the settings say so, found by their reading, and of this database alone."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.settings import Settings, get_settings
from fracture_core.reading.history.pictures import (
    claim_pictures,
    find_picture,
    find_pictures_root,
    keep_picture,
    list_pictures,
    owns_pictures,
    remove_picture,
)
from fracture_core.reading.history.record import record_reading
from tests.unit.reading.history.test_record import NEW

ID = "0123456789abcdef" * 2


@pytest.fixture
def keeping(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "true")
    get_settings.cache_clear()
    return get_settings()


def test_nothing_is_kept_unless_the_settings_say_so(own_settings: Settings) -> None:
    keep_picture(ID, NEW.radiograph)
    assert find_picture(ID) is None and not find_pictures_root().exists()


def test_a_picture_comes_back_at_16_bits(keeping: Settings) -> None:
    pixels = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    keep_picture(ID, replace(NEW.radiograph, pixels=pixels))
    path = find_picture(ID)
    assert path is not None and [*list_pictures()] == [(ID, path)]
    assert np.asarray(Image.open(path), np.float64) / 65535 == pytest.approx(pixels, abs=1e-5)
    remove_picture(ID)
    remove_picture(ID)
    assert find_picture(ID) is None


def test_an_id_that_is_none_finds_nothing(keeping: Settings) -> None:
    assert find_picture("../../etc/passwd") is None and find_picture("") is None


def test_pictures_belong_to_the_database_that_keeps_them(keeping: Settings) -> None:
    kept = record_reading(NEW)
    assert find_picture(kept.id) is not None and owns_pictures()
    claim_pictures()
    assert owns_pictures()
    owner = find_pictures_root() / "database.txt"
    owner.write_text(owner.read_text("utf-8") + "\nanother-database\n", "utf-8")
    assert not owns_pictures()
