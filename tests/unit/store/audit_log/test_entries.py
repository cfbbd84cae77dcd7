"""An entry's hash covers every field before it."""

from dataclasses import fields, replace

import pytest

from fracture_core.store.audit_log.entries import BEGINNING, AuditEntry, word_details

ENTRY = AuditEntry(1, "2026-01-01T00:00:00+00:00", "Ada", "export", "run-1", '{"n": 1}', BEGINNING, "")


@pytest.mark.parametrize("name", [field.name for field in fields(AuditEntry) if field.name != "sha256"])
def test_a_change_of_any_field_changes_the_hash(name: str) -> None:
    changed = replace(ENTRY, **{name: 2 if name == "number" else "push"})
    assert changed.compute_sha256() != ENTRY.compute_sha256()
    assert replace(ENTRY, sha256="f" * 64).compute_sha256() == ENTRY.compute_sha256()


def test_the_hash_is_the_one_that_earlier_versions_wrote() -> None:
    assert ENTRY.compute_sha256() == "dfbfdb3a51d02855a971e87e2134eeb36e059eb7616d02e96044c6af93280fa0"


def test_details_do_not_depend_on_their_order() -> None:
    assert word_details({"b": 1, "a": [2]}) == word_details({"a": [2], "b": 1}) == '{"a": [2], "b": 1}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        word_details({"p": float("nan")})
