"""A zip that could do harm is refused by its directory alone."""

import shutil
import stat

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.archives.zips import unpack_once
from fracture_core.datasets.layouts.catalog import read_catalog
from tests.unit.datasets.archives.conftest import CLASSES, ZipInfo


def make_link() -> ZipInfo:
    link = ZipInfo("fractured/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return link


class TestRefused:
    @pytest.mark.parametrize(
        "name", ["../out.png", "a/../../out.png", "/etc/out.png", "C:\\out.png", "..\\out.png", "C:out"]
    )
    def test_names_that_lead_out(self, own_settings: Settings, write_zip, name, tmp_path):
        with pytest.raises(DatasetError, match="1 names that lead out of its folder"):
            read_catalog(write_zip(CLASSES | {name: b"x"}))
        assert not (own_settings.state_dir / "unpacked").exists()
        assert not list(tmp_path.rglob("*out*"))

    def test_links(self, own_settings: Settings, write_zip):
        with pytest.raises(DatasetError, match=r"1 links or devices \(fractured/link.png\)"):
            read_catalog(write_zip({**CLASSES, make_link(): b"/etc/passwd"}))

    def test_password(self, own_settings: Settings, write_zip):
        path = write_zip(CLASSES)
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of the first entry in the directory
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=r"1 files locked with a password \(fractured/1.png\). Unpack it"):
            read_catalog(path)

    def test_repeated_names(self, own_settings: Settings, write_zip):
        with pytest.raises(DatasetError, match=r"1 names more than once \(fractured/1.png\)"):
            read_catalog(write_zip({**CLASSES, "./fractured/1.png": b"other"}))

    def test_file_where_a_folder_should_be(self, own_settings: Settings, write_zip):
        with pytest.raises(DatasetError, match="cannot be written"):
            read_catalog(write_zip({"fractured": b"x", **CLASSES}))

    def test_no_files(self, own_settings: Settings, write_zip):
        with pytest.raises(DatasetError, match=r"ours.zip holds no files"):
            read_catalog(write_zip({"fractured/": b"", ".hidden": b"x"}))

    def test_bomb_by_ratio_by_size_and_by_count(self, own_settings: Settings, write_zip):
        path = write_zip(CLASSES | {"normal/3.png": bytes(20_000_000)})
        with pytest.raises(DatasetError, match=r"would unpack .* kB to 20.0 MB: more than 100 times"):
            unpack_once(path)
        with pytest.raises(DatasetError, match=r"would unpack to 20.0 MB; at most 1.0 MB"):
            unpack_once(path, own_settings.model_copy(update={"max_unpacked_bytes": 1_000_000}))
        with pytest.raises(DatasetError, match="holds 3 files; at most 2"):
            unpack_once(path, own_settings.model_copy(update={"max_zip_entries": 2}))
        assert not (own_settings.state_dir / "unpacked").exists()

    def test_size_that_lies(self, own_settings: Settings, write_zip):
        path = write_zip(CLASSES | {"normal/3.png": bytes(2_000_000)})
        content = path.read_bytes()
        path.write_bytes(content.replace((2_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
        with pytest.raises(DatasetError, match=r"is damaged: normal/3.png"):
            unpack_once(path)

    def test_no_room(self, own_settings: Settings, write_zip, monkeypatch):
        monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 100, 0))
        with pytest.raises(DatasetError, match=r"Unpacking ours.zip needs .* the disk has 0 bytes free. Free some"):
            unpack_once(write_zip(CLASSES))
