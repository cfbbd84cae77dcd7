"""Zips handed in through the page: kept once, whole, and only where they hold a data set."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.sources import open_dataset
from fracture_core.datasets.uploads import keep_uploaded_zip
from tests.tiny_world import write_dataset


def zip_folder(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder.parent))
    return buffer.getvalue()


def list_uploads(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.state_dir / "uploads").iterdir())


def test_zip_is_kept_once_and_opens_by_its_path(own_settings: Settings, tmp_path: Path) -> None:
    data = zip_folder(write_dataset(tmp_path / "ours", count=4))
    first = keep_uploaded_zip(io.BytesIO(data), "Our wrists (2026).zip")
    second = keep_uploaded_zip(io.BytesIO(data), "Our wrists (2026).zip")
    assert first == second and first.read_bytes() == data
    assert first.name.endswith("-Our_wrists_2026.zip")
    assert list_uploads(own_settings) == [first.name]
    assert len(open_dataset(str(first)).items) == 4


def test_zip_kept_before_stays_where_it_cannot_be_unpacked_now(own_settings: Settings, tmp_path: Path) -> None:
    data = zip_folder(write_dataset(tmp_path / "ours", count=4))
    kept = keep_uploaded_zip(io.BytesIO(data), "ours.zip")
    shutil.rmtree(own_settings.state_dir / "unpacked")
    tight = own_settings.model_copy(update={"max_unpacked_bytes": 1})
    with pytest.raises(DatasetError, match=r"ours.zip"):
        keep_uploaded_zip(io.BytesIO(data), "ours.zip", tight)
    assert kept.read_bytes() == data  # a run may be about to go on with it


@pytest.mark.parametrize("name", ["../../evil.zip", "C:\\x\\evil.zip", "….zip", "a" * 300 + ".zip"])
def test_no_name_leads_out_of_the_folder(name: str, own_settings: Settings, tmp_path: Path) -> None:
    path = keep_uploaded_zip(io.BytesIO(zip_folder(write_dataset(tmp_path / "ours", count=4))), name)
    assert path.parent == own_settings.state_dir / "uploads" and len(path.name) < 80


@pytest.mark.parametrize("content", [b"this is text", b"PK\x03\x04 cut short"])
def test_what_is_no_zip_is_told_by_its_own_name_and_not_kept(content: bytes, own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match=r"wrists.zip is no zip, or is damaged"):
        keep_uploaded_zip(io.BytesIO(content), "wrists.zip")
    assert list_uploads(own_settings) == []


def test_zip_without_a_data_set_is_told_and_not_kept(own_settings: Settings) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("notes/readme.txt", "nothing here")
    buffer.seek(0)
    with pytest.raises(DatasetError, match=r"notes.zip.* holds no images"):
        keep_uploaded_zip(buffer, "notes.zip")
    assert list_uploads(own_settings) == []


def test_another_kind_of_file_is_refused(own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match="is no zip"):
        keep_uploaded_zip(io.BytesIO(b""), "wrists.rar")
    assert not (own_settings.state_dir / "uploads").exists()
