"""Worklists: many radiographs read one after the other, kept as rows, so that nothing that was read is lost."""

from fracture_core.records.worklist.create import create_from_pacs, create_from_path, create_from_uploads
from fracture_core.records.worklist.gather import Upload
from fracture_core.records.worklist.read import find_unfinished, list_worklists, read_items, read_worklist
from fracture_core.records.worklist.records import Item, Override, Progress, Worklist
from fracture_core.records.worklist.studies import Study, build_studies, combine_calls, sort_items, sort_studies
from fracture_core.records.worklist.write import (
    delete_worklist,
    go_on,
    group_by_hand,
    override_refusal,
    set_apart,
    set_region,
    stop_reading,
)

__all__ = [
    "Item",
    "Override",
    "Progress",
    "Study",
    "Upload",
    "Worklist",
    "build_studies",
    "combine_calls",
    "create_from_pacs",
    "create_from_path",
    "create_from_uploads",
    "delete_worklist",
    "find_unfinished",
    "go_on",
    "group_by_hand",
    "list_worklists",
    "override_refusal",
    "read_items",
    "read_worklist",
    "set_apart",
    "set_region",
    "sort_items",
    "sort_studies",
    "stop_reading",
]
