"""source.json comes back as it was written; what is not ours is no source."""

from pathlib import Path

import pytest

from fracture_core.datasets.fetch.provenance import SOURCE, Provenance, read_provenance, write_provenance


def test_what_was_written_is_read(tmp_path: Path) -> None:
    source = Provenance(
        name="ours",
        title="Ours",
        page="https://example.org",
        licence="CC0",
        citation="Us.",
        size_bytes=5,
        md5="a" * 32,
        fetched_at="2026-01-02T03:04:05+00:00",
    )
    write_provenance(tmp_path, source)
    assert read_provenance(tmp_path) == source
    assert [path.name for path in tmp_path.iterdir()] == [SOURCE]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"name": "theirs"}'])
def test_a_file_of_others_is_no_source(content: bytes, tmp_path: Path) -> None:
    assert read_provenance(tmp_path) is None, "there is none"
    (tmp_path / SOURCE).write_bytes(content)
    assert read_provenance(tmp_path) is None
