"""Zips are read like folders, unpacked once, and told where they are damaged."""

import contextlib
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings
from fracture_core.datasets.archives.zips import unpack_once
from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.sources import list_datasets, open_dataset
from tests.tiny_world import write_dataset
from tests.unit.datasets.archives.conftest import CLASSES
from tests.unit.datasets.folders import write_fracatlas, write_manifest


def pack(folder: Path, path: Path) -> Path:
    shutil.make_archive(str(path.with_suffix("")), "zip", folder)
    return path


class TestLayouts:
    @pytest.mark.parametrize("inside", [".", "deeper"])
    @pytest.mark.parametrize("layout", ["class folders", "fracatlas", "manifest"])
    def test_every_layout_at_the_top_or_a_folder_down(self, own_settings, tmp_path, layout, inside):
        root = tmp_path / "packed" / inside
        if layout == "class folders":
            write_dataset(root, count=4)
        elif layout == "manifest":
            write_manifest(root, ["path,label", "1.png,1", "2.png,0"], ["1.png", "2.png"])
        else:
            rows = ["IMG0000001.jpg,1,0,0,0,0,0,0,1,1,1,0,0", "IMG0000002.jpg,1,0,0,0,0,0,0,0,0,1,0,0"]
            write_fracatlas(root, rows, ["Fractured/IMG0000001.jpg", "Non_fractured/IMG0000002.jpg"])
        catalog = read_catalog(pack(tmp_path / "packed", tmp_path / "ours.zip"))
        assert (catalog.name, catalog.layout) == ("ours", layout)
        plain = read_catalog(root)
        assert [item.name for item in catalog.items] == [item.name for item in plain.items]
        assert catalog.fingerprint == plain.fingerprint

    def test_an_operating_systems_own_files_are_left_out(self, own_settings, write_zip):
        own = {"__MACOSX/fractured/._1.png": b"x", "fractured/.DS_Store": b"x", ".git/fractured/3.png": b"x"}
        folder = unpack_once(write_zip(CLASSES | own))
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        assert files == sorted(CLASSES)

    def test_backslashes_of_old_windows_programs(self, own_settings, write_zip):
        catalog = read_catalog(write_zip({"a\\fractured\\1.png": b"1", "a\\normal\\": b"", "a\\normal\\2.png": b"2"}))
        assert [item.name for item in catalog.items] == ["fractured/1.png", "normal/2.png"]

    def test_errors_tell_of_the_zip(self, own_settings, write_zip):
        path = write_zip({"cats/1.png": b"x", "dogs/1.png": b"x"})
        with pytest.raises(DatasetError) as error:
            read_catalog(path)
        assert error.value.problem == f"{path} holds 2 images in no known layout; its folders are cats, dogs."


class TestNames:
    def test_zip_in_the_data_folder_is_known_by_its_stem(self, own_settings: Settings, write_zip):
        own_settings.data_dir.mkdir()
        shutil.copy(write_zip(CLASSES), own_settings.data_dir / "ward 7.ZIP")
        assert list_datasets() == ["ward 7", "phantoms"]
        assert open_dataset("ward 7").name == open_dataset("ward 7.ZIP").name == "ward 7"

    def test_folder_goes_before_a_zip_of_the_same_name(self, own_settings: Settings, write_zip):
        write_dataset(own_settings.data_dir / "ours", count=4)
        shutil.copy(write_zip(CLASSES), own_settings.data_dir)
        assert list_datasets() == ["ours", "phantoms"]
        assert len(open_dataset("ours").items) == 4

    def test_zip_anywhere(self, own_settings: Settings, write_zip):
        assert open_dataset(str(write_zip(CLASSES))).name == "ours"


class TestOnce:
    def test_is_unpacked_once_and_anew_when_it_changes(self, own_settings: Settings, write_zip):
        calls: list[tuple[int, int]] = []
        first = unpack_once(write_zip(CLASSES), progress=lambda done, total: calls.append((done, total)))
        assert calls == [(3, 6), (6, 6)]
        again = unpack_once(write_zip(CLASSES), progress=lambda *_: pytest.fail("unpacked again"))
        assert first == again
        changed = unpack_once(write_zip(CLASSES | {"normal/2.png": b"TWO"}))
        assert changed != first and (changed / "normal" / "2.png").read_bytes() == b"TWO"

    def test_what_someone_tidied_away_is_unpacked_again(self, own_settings: Settings, write_zip):
        folder = unpack_once(write_zip(CLASSES))
        (folder / "normal" / "2.png").unlink()
        assert (unpack_once(write_zip(CLASSES)) / "normal" / "2.png").read_bytes() == b"two"

    def test_broken_off_leaves_nothing_half(self, own_settings: Settings, write_zip):
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            unpack_once(write_zip(CLASSES), progress=stop)
        assert [path for path in (own_settings.state_dir / "unpacked").iterdir() if path.is_dir()] == []
        assert len(read_catalog(write_zip(CLASSES)).items) == 2


class TestDamaged:
    def test_no_zip_at_all(self, own_settings: Settings, tmp_path):
        (tmp_path / "ours.zip").write_text("<html>sign in</html>")
        with pytest.raises(DatasetError, match=r"ours.zip is no zip, or is damaged"):
            read_catalog(tmp_path / "ours.zip")

    def test_cut_short(self, own_settings: Settings, write_zip):
        path = write_zip(CLASSES)
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(DatasetError, match=r"ours.zip is no zip, or is damaged"):
            read_catalog(path)

    @pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_a_file_inside(self, own_settings: Settings, write_zip, packing):
        path = write_zip(CLASSES | {"normal/3.png": bytes(range(256)) * 40}, packing=packing)
        content = bytearray(path.read_bytes())
        middle = content.index(b"normal/3.png") + 60
        content[middle : middle + 8] = b"\xff\x00\xff\x00\xff\x00\xff\x00"
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=r"ours.zip is damaged: normal/3.png cannot be unpacked"):
            read_catalog(path)
        assert [folder for folder in (own_settings.state_dir / "unpacked").iterdir() if folder.is_dir()] == []

    def test_packed_in_an_unknown_way(self, own_settings: Settings, write_zip):
        path = write_zip(CLASSES)
        content = path.read_bytes().replace(b"PK\x03\x04\x14\x00\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00\x09")
        path.write_bytes(
            content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x09")
        )
        with pytest.raises(DatasetError, match=r"is packed in a way that is not read .* Unpack it yourself"):
            read_catalog(path)

    def test_any_byte_changed_is_read_or_told(self, own_settings: Settings, tmp_path):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in CLASSES.items():
                archive.writestr(name, content)
        whole = buffer.getvalue()
        for position in range(len(whole)):
            path = tmp_path / "changed.zip"
            path.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
            with contextlib.suppress(DatasetError):
                read_catalog(path)
