"""A file holds its old content or its new, never a part."""

import json
from pathlib import Path

import pytest

from fracture_core.base.files import drop_unfinished, hash_file, write_atomically, write_atomically_with, write_json


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "file.bin"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.bin"]


def test_failure_leaves_the_old_content_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    write_atomically(path, b"old")

    def write_half(temporary: Path) -> None:
        temporary.write_bytes(b"ne")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically_with(path, write_half)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]


def test_json_refuses_what_json_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "value.json"
    write_json(path, {"p": 0.5})
    with pytest.raises(ValueError):
        write_json(path, {"p": float("nan")})
    assert json.loads(path.read_text()) == {"p": 0.5}


def test_hash(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert hash_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    kept, litter = tmp_path / "last.ckpt", tmp_path / ".last.ckpt.x1.partial"
    for path in (kept, litter):
        path.write_bytes(b"x")
    drop_unfinished(tmp_path)
    assert kept.exists() and not litter.exists()
