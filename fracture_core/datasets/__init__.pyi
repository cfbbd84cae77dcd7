"""Data sets: listed, checked for copies, split and made ready for training."""

from .archives.disk import (
    check_free_space as check_free_space,
)
from .archives.disk import (
    format_bytes as format_bytes,
)
from .archives.disk import (
    is_hidden_name as is_hidden_name,
)
from .archives.disk import (
    telling_disk_errors as telling_disk_errors,
)
from .archives.zip_entries import list_zip_entries as list_zip_entries
from .archives.zips import (
    extract_entries as extract_entries,
)
from .archives.zips import (
    is_zip_name as is_zip_name,
)
from .archives.zips import (
    open_zip as open_zip,
)
from .audit.evidence import (
    AUDIT_PREPROCESSING as AUDIT_PREPROCESSING,
)
from .audit.evidence import (
    name_family as name_family,
)
from .audit.kept import (
    build_groups_csv as build_groups_csv,
)
from .audit.kept import (
    find_audit_report as find_audit_report,
)
from .audit.kept import (
    keep_audit_report as keep_audit_report,
)
from .audit.kept import (
    write_groups_csv as write_groups_csv,
)
from .audit.report import (
    AuditCopyPair as AuditCopyPair,
)
from .audit.report import (
    AuditFinding as AuditFinding,
)
from .audit.report import (
    AuditReport as AuditReport,
)
from .audit.report import (
    SplitAudit as SplitAudit,
)
from .audit.run import audit_dataset as audit_dataset
from .cache import (
    CachedImages as CachedImages,
)
from .cache import (
    CacheView as CacheView,
)
from .cache import (
    cache_images as cache_images,
)
from .cache import (
    measure_mean_std as measure_mean_std,
)
from .cache import (
    view_cached_images as view_cached_images,
)
from .copies.copy_search import find_copies as find_copies
from .copies.groups import (
    join_linked_names as join_linked_names,
)
from .copies.groups import (
    merge_groups as merge_groups,
)
from .copies.pairs import (
    find_thumbnail_copies as find_thumbnail_copies,
)
from .copies.pairs import (
    shrink_to_thumbnail as shrink_to_thumbnail,
)
from .fetch.fetch import fetch_dataset as fetch_dataset
from .fetch.known import (
    KNOWN_DATASETS as KNOWN_DATASETS,
)
from .fetch.known import (
    find_known_dataset as find_known_dataset,
)
from .labelled_images import (
    LabelledImages as LabelledImages,
)
from .labelled_images import (
    load_labelled_images as load_labelled_images,
)
from .layouts.csv_table import read_csv_table as read_csv_table
from .layouts.image_files import (
    find_image_files as find_image_files,
)
from .layouts.items import (
    LABELS as LABELS,
)
from .layouts.items import (
    Box as Box,
)
from .layouts.items import (
    Catalog as Catalog,
)
from .layouts.items import (
    DatasetItem as DatasetItem,
)
from .layouts.manifest_csv import MANIFEST_NAME as MANIFEST_NAME
from .overview import summarize_datasets as summarize_datasets
from .phantoms.drawing import draw_phantom as draw_phantom
from .sources import (
    PHANTOM_DATASET as PHANTOM_DATASET,
)
from .sources import (
    REVIEWED_DATASET as REVIEWED_DATASET,
)
from .sources import (
    find_dataset_path as find_dataset_path,
)
from .sources import (
    has_reviewed as has_reviewed,
)
from .sources import (
    list_datasets as list_datasets,
)
from .sources import (
    open_dataset as open_dataset,
)
from .splits.partition import (
    KeptSides as KeptSides,
)
from .splits.partition import (
    divide_as_published as divide_as_published,
)
from .splits.partition import (
    divide_by_group as divide_by_group,
)
from .splits.partition import (
    limit_copies as limit_copies,
)
from .splits.split_file import (
    SideNames as SideNames,
)
from .splits.split_file import (
    read_split as read_split,
)
from .splits.split_file import (
    read_split_file as read_split_file,
)
from .splits.split_file import (
    write_split as write_split,
)
from .uploads import keep_uploaded_zip as keep_uploaded_zip
from .whereabouts import (
    find_catalog as find_catalog,
)
from .whereabouts import (
    stamp_places as stamp_places,
)
