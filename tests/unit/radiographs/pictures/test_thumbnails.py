"""Thumbnails: made once, true to the radiograph, bounded on disk, and safe under several hands."""

import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fracture_core.base.errors import IntakeError
from fracture_core.base.settings import Settings, get_settings
from fracture_core.radiographs.intake.read import read_radiograph_file
from fracture_core.radiographs.pictures import thumbnails
from fracture_core.radiographs.pictures.thumbnails import (
    draw_thumbnail,
    find_thumbnail,
    load_thumbnail,
    make_thumbnails,
)
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone

PX = 64


def write_picture(path: Path, file_format: str, height_px: int = 300, width_px: int = 200, **options: object) -> Path:
    Image.fromarray(draw_bone(8, height_px, width_px)).save(path, file_format, **options)
    return path


def open_kept(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("L"), np.float64)


@pytest.fixture(autouse=True)
def forget_what_was_written(own_settings: Settings) -> None:
    thumbnails._bytes_since.clear()


@pytest.mark.parametrize(
    ("file_format", "height_px", "width_px"), [("JPEG", 601, 403), ("PNG", 300, 200), ("TIFF", 90, 300)]
)
def test_it_is_the_radiograph_made_small(tmp_path: Path, file_format: str, height_px: int, width_px: int) -> None:
    path = write_picture(tmp_path / "a", file_format, height_px, width_px)
    small = open_kept(find_thumbnail(path, PX))
    whole = Image.fromarray(read_radiograph_file(path).to_uint8())
    expected = np.asarray(whole.resize(small.shape[::-1], Image.Resampling.BOX), np.float64)
    assert max(small.shape) == PX
    assert abs(small.shape[0] / small.shape[1] - height_px / width_px) < 0.05 * height_px / width_px
    assert np.abs(small - expected).mean() < 6


def test_a_turned_jpeg_is_upright_and_its_camera_data_stays_behind(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "DOE^JANE"
    path = write_picture(tmp_path / "a.jpg", "JPEG", 400, 200, exif=exif)
    kept = find_thumbnail(path, PX)
    assert open_kept(kept).shape == (32, 64)
    assert b"DOE" in path.read_bytes() and b"DOE" not in kept.read_bytes() and b"EXIF" not in kept.read_bytes()


def test_a_dicom_is_read_and_leaves_nothing_of_its_header(tmp_path: Path) -> None:
    path = tmp_path / "DOE^JANE.dcm"
    path.write_bytes(build_dicom(draw_bone()))
    kept = find_thumbnail(path)
    assert open_kept(kept).shape == read_radiograph_file(path).pixels.shape  # small ones are not enlarged
    assert not any(secret.encode() in kept.read_bytes() or secret in kept.name for secret in PATIENT_SECRETS)


def test_it_is_made_once_and_anew_when_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_picture(tmp_path / "a.png", "PNG")
    made: list[Path] = []
    monkeypatch.setattr(thumbnails, "draw_thumbnail", lambda path, px: made.append(path) or draw_thumbnail(path, px))
    first = find_thumbnail(path, PX)
    assert find_thumbnail(path, PX) == first and load_thumbnail(path, PX) == first.read_bytes() and len(made) == 1
    assert find_thumbnail(path, PX // 2) != first
    write_picture(path, "PNG", 200, 300)
    assert open_kept(find_thumbnail(path, PX)).shape == (43, 64) and len(made) == 3


@pytest.mark.parametrize("content", [None, b"", b"no picture at all", "cut"])
@pytest.mark.parametrize("find", [find_thumbnail, load_thumbnail])
def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, content: bytes | str | None, find: object) -> None:
    path = tmp_path / "a.jpg"
    if content == "cut":
        content = write_picture(path, "JPEG").read_bytes()[:2000]
    if isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(IntakeError):
        find(path)  # type: ignore[operator]
    assert not list((get_settings().state_dir / "thumbnails").glob("*.webp"))


def test_limits_hold_for_jpeg_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_picture(tmp_path / "a.jpg", "JPEG")
    for key, value in (("FRACTURE_MAX_PIXELS", "100"), ("FRACTURE_MAX_FILE_BYTES", "100")):
        with monkeypatch.context() as patch:
            patch.setenv(key, value)
            get_settings.cache_clear()
            with pytest.raises(IntakeError, match="at most"):
                find_thumbnail(path)
    get_settings.cache_clear()


def test_a_jpeg_whose_end_is_missing_is_refused_though_it_has_its_end_marker(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 400), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "JPEG")
    path = tmp_path / "a.jpg"
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2] + b"\xff\xd9")
    with pytest.raises(IntakeError, match="cut short"):
        find_thumbnail(path, PX)


def test_the_least_recently_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_picture(tmp_path / f"{number}.png", "PNG", 100 + number) for number in range(12)]
    kept = [find_thumbnail(path, PX) for path in paths]
    long_ago = time.time() - 100_000
    for number, path in enumerate(kept):
        os.utime(path, (long_ago + number, long_ago + number))
    find_thumbnail(paths[0], PX)  # used again: no longer the oldest
    size = kept[0].stat().st_size
    monkeypatch.setenv("FRACTURE_THUMBNAILS_MAX_BYTES", str(6 * size))
    get_settings.cache_clear()
    thumbnails._bytes_since.clear()
    find_thumbnail(write_picture(tmp_path / "new.png", "PNG"), PX)
    left = list((get_settings().state_dir / "thumbnails").glob("*.webp"))
    assert sum(path.stat().st_size for path in left) <= 6 * size
    assert kept[0] in left and kept[1] not in left and kept[2] not in left


def test_the_folder_stays_bounded_while_many_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_picture(tmp_path / f"{number}.png", "PNG", 100 + number) for number in range(60)]
    monkeypatch.setenv("FRACTURE_THUMBNAILS_MAX_BYTES", "5000")
    get_settings.cache_clear()
    seen: list[tuple[int, int]] = []
    assert make_thumbnails(paths, lambda done, total: seen.append((done, total)), PX) == {}
    assert seen == [(number, 60) for number in range(1, 61)]
    left = list((get_settings().state_dir / "thumbnails").glob("*.webp"))
    assert 0 < sum(path.stat().st_size for path in left) < 7000


def test_one_that_is_removed_while_others_read_is_made_again(tmp_path: Path) -> None:
    paths = [write_picture(tmp_path / f"{number}.png", "PNG", 60, 60) for number in range(4)]

    def work(number: int) -> bytes:
        if number % 3 == 0:
            for kept in (get_settings().state_dir / "thumbnails").glob("*.webp"):
                kept.unlink(missing_ok=True)
        return load_thumbnail(paths[number % 4], PX)

    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(work, range(80)))
    assert all(Image.open(io.BytesIO(data)).size == (60, 60) for data in pictures)
    assert not list((get_settings().state_dir / "thumbnails").glob("*.partial"))


def test_where_nothing_can_be_kept_it_is_shown_all_the_same(tmp_path: Path) -> None:
    folder = get_settings().state_dir / "thumbnails"
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    path = write_picture(tmp_path / "a.png", "PNG")
    assert Image.open(io.BytesIO(load_thumbnail(path, PX))).size == (43, 64)
    with pytest.raises(IntakeError, match="cannot be kept"):
        find_thumbnail(path, PX)


def test_many_files_with_some_that_cannot_be_read(tmp_path: Path) -> None:
    good, bad = write_picture(tmp_path / "a.png", "PNG"), tmp_path / "b.png"
    bad.write_bytes(b"nothing")
    assert list(make_thumbnails([good, bad], longest_px=PX)) == [bad]
