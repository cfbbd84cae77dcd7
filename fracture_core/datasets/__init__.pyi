"""Data sets: listed, checked for copies, split and made ready for training."""

from .archives.disk import (
    check_free_space as check_free_space,
)
from .archives.disk import (
    format_bytes as format_bytes,
)
from .archives.disk import (
    is_hidden as is_hidden,
)
from .archives.disk import (
    telling_disk_errors as telling_disk_errors,
)
from .archives.zip_entries import list_entries as list_entries
from .archives.zips import (
    extract as extract,
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
from .audit.keep import (
    build_groups_csv as build_groups_csv,
)
from .audit.keep import (
    find_report as find_report,
)
from .audit.keep import (
    keep_report as keep_report,
)
from .audit.keep import (
    write_groups as write_groups,
)
from .audit.report import (
    AuditFinding as AuditFinding,
)
from .audit.report import (
    AuditReport as AuditReport,
)
from .audit.report import (
    CopyPair as CopyPair,
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
    view_cache as view_cache,
)
from .copies.copy_search import find_copies as find_copies
from .copies.groups import (
    join as join,
)
from .copies.groups import (
    merge_groups as merge_groups,
)
from .copies.pairs import (
    find_duplicates as find_duplicates,
)
from .copies.pairs import (
    read_thumbnail as read_thumbnail,
)
from .dataset import (
    LabelledImages as LabelledImages,
)
from .dataset import (
    load_labelled_images as load_labelled_images,
)
from .fetch.fetch import fetch_dataset as fetch_dataset
from .fetch.known import (
    KNOWN as KNOWN,
)
from .fetch.known import (
    find_known as find_known,
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
from .layouts.manifest_csv import MANIFEST as MANIFEST
from .overview import summarize_datasets as summarize_datasets
from .phantoms.drawing import draw_phantom as draw_phantom
from .sources import (
    PHANTOMS as PHANTOMS,
)
from .sources import (
    REVIEWED as REVIEWED,
)
from .sources import (
    find_dataset as find_dataset,
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
    limit_copies as limit_copies,
)
from .splits.partition import (
    partition as partition,
)
from .splits.split_file import (
    Sides as Sides,
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
from .uploads import keep_upload as keep_upload
from .whereabouts import find_catalog as find_catalog
