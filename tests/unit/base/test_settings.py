"""Settings come from the environment first, then from fracture.toml; an error names its key."""

from pathlib import Path

import pytest
from platformdirs import user_data_path

from fracture_core.base import settings
from fracture_core.base.errors import SettingsError
from fracture_core.base.settings import PROJECT_DIR, get_settings, word_install


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def test_file_is_read_and_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fracture.toml").write_text("max_frames = 7\nmax_pixels = 1000\n")
    monkeypatch.setenv("FRACTURE_MAX_PIXELS", "2000")
    assert (get_settings().max_frames, get_settings().max_pixels) == (7, 2000)


def test_value_out_of_range_names_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_MAX_PIXELS", "-1")
    with pytest.raises(SettingsError, match="FRACTURE_MAX_PIXELS"):
        get_settings()


def test_unknown_key_in_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "fracture.toml").write_text("max_pixel = 1000\n")
    with pytest.raises(SettingsError, match="max_pixel"):
        get_settings()


def test_file_that_is_not_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "fracture.toml").write_text("max_pixels: 1000\n")
    with pytest.raises(SettingsError, match=r"fracture\.toml"):
        get_settings()


def test_an_installed_library_keeps_its_folders_with_the_user_and_names_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings._find_home() == PROJECT_DIR
    assert word_install("data") == "pip install -r requirements-data.txt"
    monkeypatch.setattr(settings, "IS_INSTALLED", True)
    assert settings._find_home() == user_data_path("fracture", appauthor=False)
    assert word_install("data") == "pip install 'fracture-core[data]'"
