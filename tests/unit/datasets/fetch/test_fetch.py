"""Fetching: from servers that misbehave, whole or not at all."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.fetch import download as download_module
from fracture_core.datasets.fetch.fetch import fetch_dataset
from fracture_core.datasets.fetch.provenance import read_provenance
from fracture_core.datasets.sources import list_datasets, open_dataset
from tests.unit.datasets.fetch.conftest import fetch_failing
from tests.unit.datasets.fetch.figshare_server import ARTICLE, FILE, FakeFigshare


def test_whole_download(figshare: FakeFigshare, own_settings: Settings) -> None:
    calls: list[tuple[str, int, int]] = []
    fetched = fetch_dataset("fracatlas", progress=lambda *call: calls.append(call))
    assert not fetched.was_there and fetched.path == own_settings.data_dir / "FracAtlas"
    assert (fetched.catalog.name, fetched.catalog.layout, len(fetched.catalog.items)) == ("FracAtlas", "fracatlas", 2)
    assert fetched.catalog.root == fetched.path  # the archive's own outer folder is gone
    assert list_datasets() == ["FracAtlas", "phantoms"]
    assert [call[0] for call in calls][:: len(calls) - 1] == ["Downloading FracAtlas.zip", "Unpacking"]
    assert all(done <= total for _, done, total in calls) and calls[-1][1] == calls[-1][2]
    assert not (own_settings.data_dir / ".downloads" / "FracAtlas").exists()


def test_licence_and_citation_are_kept_beside_the_data(figshare: FakeFigshare) -> None:
    fetched = fetch_dataset("fracatlas")
    provenance = read_provenance(fetched.path)
    assert provenance == fetched.provenance
    assert (provenance.licence, provenance.doi) == ("CC BY 4.0", "10.6084/m9.figshare.22363012.v6")
    assert "Scientific Data" in provenance.citation and "figshare. Dataset." in provenance.citation
    assert len(provenance.md5) == 32 and provenance.size_bytes == len(figshare.content)


def test_second_call_asks_nobody(figshare: FakeFigshare) -> None:
    first = fetch_dataset("fracatlas")
    figshare.paths.clear()
    second = fetch_dataset("fracatlas")
    assert second.was_there and second.provenance == first.provenance and figshare.paths == []


def test_put_there_by_hand_as_a_zip(figshare: FakeFigshare, own_settings: Settings) -> None:
    own_settings.data_dir.mkdir()
    (own_settings.data_dir / "FracAtlas.zip").write_bytes(figshare.content)
    fetched = fetch_dataset("fracatlas")
    assert fetched.was_there and fetched.provenance is None and figshare.paths == []


def test_to_another_folder(figshare: FakeFigshare, tmp_path: Path) -> None:
    fetched = fetch_dataset("fracatlas", to=tmp_path / "elsewhere")
    assert fetched.path == tmp_path / "elsewhere" / "FracAtlas"
    assert open_dataset(str(fetched.path)).name == "FracAtlas"


class TestMisbehaving:
    def test_wrong_checksum_is_told_and_deleted(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        figshare.changes = {"computed_md5": "0" * 32}
        error = fetch_failing(f"its MD5 is [0-9a-f]{{32}}, but {'0' * 32} was published")
        assert "has been deleted" in error.problem
        assert list((own_settings.data_dir / ".downloads" / "FracAtlas").iterdir()) == []

    def test_without_a_checksum_the_zips_own_are_checked(self, figshare: FakeFigshare) -> None:
        figshare.changes = {"computed_md5": "", "supplied_md5": None}
        assert len(fetch_dataset("fracatlas").catalog.items) == 2

    @pytest.mark.parametrize("status", [202, 403, 404, 500])
    def test_download_host_that_refuses_is_gone_round(self, figshare: FakeFigshare, status: int) -> None:
        figshare.statuses = [status] * 3
        assert len(fetch_dataset("fracatlas").catalog.items) == 2
        assert figshare.paths[-1] == f"/v2/file/download/{FILE}"

    def test_web_page_instead_of_the_file(self, figshare: FakeFigshare) -> None:
        figshare.content_type = "text/html; charset=utf-8"
        fetch_failing("cannot be downloaded .*answers with a web page instead of the file")

    @pytest.mark.parametrize(
        ("size", "message"), [(1000, "sends more than the 1000 bytes"), (2_000_000, "MB of 2.0 MB")]
    )
    def test_another_size_than_announced(self, figshare: FakeFigshare, size: int, message: str) -> None:
        figshare.changes = {"size": size}
        fetch_failing(message)

    @pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (500, "Internal Server Error")])
    def test_api_answers_with_a_status(self, figshare: FakeFigshare, status: int, reason: str) -> None:
        figshare.article_status = status
        error = fetch_failing(f"answers {status} {reason} when asked for FracAtlas")
        assert "https://doi.org/10.6084/m9.figshare.22363012" in error.remedy and "--data" in error.remedy
        assert figshare.paths == [f"/v2/articles/{ARTICLE}"]

    def test_html_instead_of_json(self, figshare: FakeFigshare) -> None:
        figshare.article_body = b"<html>Sign in to the hospital's network</html>"
        fetch_failing("answers with text/html rather than JSON; a sign-in page or a proxy may stand between")

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b'{"message": "moved"}', r"in a way that is not known \(title: Field required\)"),
            (b"[]", r"in a way that is not known \(the answer: "),
            (b'{"title": "x", "license": {"name": "y"}, "files": []}', r"published without a zip \(no files\)"),
        ],
    )
    def test_json_of_another_kind(self, figshare: FakeFigshare, body: bytes, message: str) -> None:
        figshare.article_body = body
        fetch_failing(message)

    def test_checksum_that_is_a_path(self, figshare: FakeFigshare) -> None:
        figshare.changes = {"computed_md5": "../../../out"}
        fetch_failing(r"not known \(files.0.computed_md5")

    def test_no_connection_is_told_at_once(self, figshare: FakeFigshare, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FRACTURE_FIGSHARE_URL", "http://127.0.0.1:9/v2")
        get_settings.cache_clear()
        monkeypatch.setattr(download_module.time, "sleep", lambda _: pytest.fail("waited"))
        error = fetch_failing(r"127.0.0.1:9 cannot be reached \(no connection\)")
        assert "in a browser" in error.remedy

    @pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/v2", "http://"])
    def test_no_address(self, figshare: FakeFigshare, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("FRACTURE_FIGSHARE_URL", url)
        get_settings.cache_clear()
        fetch_failing("this is no address")


class TestDisk:
    def test_full_before_it_starts(self, figshare: FakeFigshare, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil._ntuple_diskusage(10**9, 10**9, 100_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        error = fetch_failing("Downloading and unpacking FracAtlas.zip needs .* but the disk has 100.0 kB free")
        assert "Free some space" in error.remedy and figshare.ranges == []

    def test_full_midway(self, figshare: FakeFigshare) -> None:
        def fill_disk(stage: str, done: int, total: int) -> None:
            raise OSError(28, "No space left on device")

        with pytest.raises(DatasetError, match=r"disk of .* is full. Free some space"):
            fetch_dataset("fracatlas", progress=fill_disk)

    def test_something_else_is_in_the_way(self, figshare: FakeFigshare, own_settings: Settings) -> None:
        (own_settings.data_dir / "FracAtlas").mkdir(parents=True)
        (own_settings.data_dir / "FracAtlas" / "notes.txt").write_text("mine")
        with pytest.raises(DatasetError, match=r"is in the way .* holds no images.* Move it away"):
            fetch_dataset("fracatlas")
        assert (own_settings.data_dir / "FracAtlas" / "notes.txt").read_text() == "mine"

    def test_folder_that_cannot_be_written(self, figshare: FakeFigshare, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(DatasetError, match="cannot be written"):
            fetch_dataset("fracatlas", to=tmp_path / "file")


def test_what_came_is_no_data_set(figshare: FakeFigshare) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("cats/1.png", b"x")
    figshare.content = buffer.getvalue()
    fetch_failing("What was downloaded as FracAtlas is not used: it/cats holds 1 images in no known layout")


def test_unknown_name(own_settings: Settings) -> None:
    with pytest.raises(DatasetError, match=r"'mura' is no data set that can be fetched. There are: fracatlas, kaggle"):
        fetch_dataset("mura")
