"""The end of the log, written down beside the database."""

import pytest

from fracture_core.base.errors import StoreError
from fracture_core.base.settings import Settings
from fracture_core.store.audit_log.anchor import Anchor, find_anchor_path, parse_audit_anchor, read_anchor, write_anchor

HASH = "ab" * 32


def test_it_is_read_as_it_is_printed() -> None:
    assert parse_audit_anchor(f" 12:{HASH.upper()}\n") == Anchor(12, HASH)


@pytest.mark.parametrize("text", ["", "12", f"x:{HASH}", f"12:{HASH}0", f"-1:{HASH}", f"\u0661:{HASH}"])
def test_what_names_no_entry_says_how_to_write_one(text: str) -> None:
    with pytest.raises(StoreError, match="NUMBER:SHA256"):
        parse_audit_anchor(text)


def test_a_later_one_replaces_an_earlier_one_and_not_the_other_way_round(own_settings: Settings) -> None:
    assert read_anchor("log", own_settings) is None
    for number in (2, 5, 3):
        write_anchor("log", Anchor(number, HASH), own_settings)
    assert read_anchor("log", own_settings) == Anchor(5, HASH)


@pytest.mark.parametrize("content", ["{", "[]", '{"number": "1", "sha256": ""}', '{"number": 1}'])
def test_a_damaged_one_is_told_and_left(own_settings: Settings, content: str) -> None:
    path = find_anchor_path("log", own_settings)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(ValueError):
        read_anchor("log", own_settings)
    write_anchor("log", Anchor(9, HASH), own_settings)
    assert path.read_text() == content
