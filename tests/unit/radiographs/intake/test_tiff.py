"""TIFF directories are walked before Pillow reads them."""

import struct

import pytest
from PIL import Image

from fracture_core.base.errors import CorruptFileError, LimitExceededError
from fracture_core.radiographs.intake.tiff import count_pages
from tests.sample_files import draw_bone, encode, encode_big_endian_tiff, encode_gray

ASCII = 2


def build_directories(*entries_per_page: list[tuple[int, int, int, int]], loop: bool = False) -> bytes:
    """Return a little-endian TIFF that is only directories of (tag, type, count, offset)."""
    data = b"II\x2a\x00" + struct.pack("<L", 8)
    for number, entries in enumerate(entries_per_page):
        body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHLL", *entry) for entry in entries)
        is_last = number == len(entries_per_page) - 1
        following = (8 if loop else 0) if is_last else len(data) + len(body) + 4
        data += body + struct.pack("<L", following)
    return data


def test_pages_are_counted_in_every_layout() -> None:
    pages = [Image.new("L", (4, 4), 9)] * 3
    assert count_pages(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:]), limit=10) == 3
    assert count_pages(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:], big_tiff=True), limit=10) == 3
    assert count_pages(encode_big_endian_tiff(draw_bone(16)), limit=10) == 1


def test_a_loop_of_pages_is_refused() -> None:
    with pytest.raises(CorruptFileError, match="loop"):
        count_pages(build_directories([(256, 3, 1, 4)], [(256, 3, 1, 4)], loop=True), limit=500)


def test_more_pages_than_the_limit_are_refused() -> None:
    data = build_directories(*[[(256, 3, 1, 4)]] * 6)
    assert count_pages(data, limit=6) == 6
    with pytest.raises(LimitExceededError, match="more than 5 pages"):
        count_pages(data, limit=5)


def test_tags_that_share_one_large_block_are_refused() -> None:
    """Pillow would copy the block once a tag: here 900 times 2 MB."""
    block = b"x" * 2_000_000
    data = build_directories([(1000 + number, ASCII, len(block), 20_000) for number in range(900)]) + block
    with pytest.raises(LimitExceededError, match="more data than the file holds"):
        count_pages(data, limit=500)


def test_tags_hidden_in_a_camera_block_count_too() -> None:
    inner = [(1000 + number, ASCII, 2_000_000, 0) for number in range(900)]
    outer = build_directories([(34665, 4, 1, 26)])
    sub = struct.pack("<H", len(inner)) + b"".join(struct.pack("<HHLL", *entry) for entry in inner)
    with pytest.raises(LimitExceededError, match="more data than the file holds"):
        count_pages(outer + sub + b"x" * 2_000_000, limit=500)


def test_a_directory_of_thousands_of_tags_is_refused() -> None:
    with pytest.raises(LimitExceededError, match="tags"):
        count_pages(build_directories([(number, 3, 1, 4) for number in range(2000)]), limit=500)


@pytest.mark.parametrize("length", [4, 7, 8, 9, 20, 60])
def test_directories_cut_short_are_refused(length: int) -> None:
    data = encode_gray(8, "TIFF")
    start = struct.unpack("<L", data[4:8])[0]
    with pytest.raises(CorruptFileError):
        count_pages(data[: min(length, start + 20)], limit=500)
