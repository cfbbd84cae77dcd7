"""Entries in pages, and their details as people may see them."""

import json

import pytest

from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.write import add_tag
from fracture_core.store.audit_log.entries import AuditEntry
from fracture_core.store.audit_log.read import list_audit_entries, parse_entry_details
from fracture_core.store.words import AuditAction


def build_entry(details: str, action: AuditAction = "reading") -> AuditEntry:
    return AuditEntry(1, "2026-01-01", "Ada", action, "x", details, "0" * 64, "0" * 64)


def test_entries_come_in_pages_the_newest_first(either_database: Settings) -> None:
    for number in range(5):
        add_tag("FracAtlas", [f"{number}.jpg"], "hand", "Ada")
    assert [entry.number for entry in list_audit_entries(limit=2)] == [5, 4]
    assert [entry.number for entry in list_audit_entries(limit=2, before=4)] == [3, 2]
    assert list_audit_entries(action="export") == [] and list_audit_entries(action="a\0b") == []


def test_without_a_database_there_are_none(own_settings: Settings) -> None:
    assert list_audit_entries() == []


def test_a_refused_pictures_reading_is_not_told() -> None:
    said = {"call": "positive", "p_fracture": 0.9, "model": "m", "refusals": ["too dark"]}
    assert parse_entry_details(build_entry(json.dumps(said))) == {"model": "m", "refusals": ["too dark"]}
    shown = said | {"refusals": []}
    assert parse_entry_details(build_entry(json.dumps(shown))) == shown
    assert parse_entry_details(build_entry(json.dumps(said), "export")) == said


@pytest.mark.parametrize("details", ["{", "[1]", "null"])
def test_unreadable_details_are_shown_as_they_are(details: str) -> None:
    assert parse_entry_details(build_entry(details)) == {"unreadable": details}
