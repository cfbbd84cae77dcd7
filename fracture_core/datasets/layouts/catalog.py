"""Read a data set's folder or zip, whatever its layout, into one list of labelled files."""

from collections.abc import Callable
from pathlib import Path

from fracture_core.base import CountProgress, DatasetError, Settings, quote_first
from fracture_core.datasets.archives.zips import is_zip_name, unpack_once
from fracture_core.datasets.layouts.class_folders import is_class_folders, read_class_folders
from fracture_core.datasets.layouts.fracatlas import is_fracatlas, read_fracatlas
from fracture_core.datasets.layouts.image_files import find_folders, find_image_files
from fracture_core.datasets.layouts.items import LABELS, Catalog, DatasetItem, Exclusion
from fracture_core.datasets.layouts.manifest_csv import is_manifest, read_manifest

_Reader = Callable[[Path], tuple[list[DatasetItem], list[Exclusion]]]
_LAYOUTS: dict[str, tuple[Callable[[Path], bool], _Reader]] = {
    "manifest": (is_manifest, read_manifest),
    "fracatlas": (is_fracatlas, read_fracatlas),
    "class folders": (is_class_folders, read_class_folders),
}


def read_catalog(
    root: Path,
    *,
    settings: Settings | None = None,
    progress: CountProgress | None = None,
    one_class: bool = False,
) -> Catalog:
    """Recognise the layout of a data set and list its radiographs.

    Only names and tables are read, no pixels; damaged images are found later,
    when they are decoded. A folder that holds nothing but the data set's own
    folder, as archives do, is looked through.

    Args:
        root: a folder, or a zip, which is unpacked once into ``state_dir``.
        settings: where and how much is unpacked; the process's own by default.
        progress: called with bytes done and in all while a zip is unpacked.
        one_class: accept a folder of one class, which can be trained on beside others.

    Raises:
        DatasetError: neither folder nor zip, a zip that cannot be unpacked, an unknown
            layout, no images, one class only, or tables that cannot be read.
    """
    root = Path(root)
    if root.is_dir():
        return _read_folder(root, root.resolve().name, one_class)
    if not root.is_file() or not is_zip_name(root):
        raise DatasetError(f"{root} is neither a folder nor a zip.", "Give the folder or zip that holds the data set.")
    folder = unpack_once(root, settings, progress)
    try:
        return _read_folder(folder, root.resolve().stem, one_class)
    except DatasetError as error:  # tell of the zip, not of where it was unpacked
        raise DatasetError(error.problem.replace(str(folder), str(root)), error.remedy) from error


def _read_folder(root: Path, name: str, one_class: bool) -> Catalog:
    try:
        layout, found = _recognise(root)
        items, excluded = _LAYOUTS[layout][1](found)
    except OSError as error:
        raise DatasetError(f"{error.filename} cannot be read ({error.strerror}).", "Check its permissions.") from error
    _refuse_unusable(items, excluded, found, one_class)
    return Catalog(
        name=name,
        root=found,
        layout=layout,
        items=tuple(sorted(items, key=lambda item: item.name)),
        excluded=tuple(sorted(excluded, key=lambda exclusion: exclusion.name)),
    )


def _recognise(root: Path) -> tuple[str, Path]:
    folder = root
    while True:
        for layout, (matches, _) in _LAYOUTS.items():
            if matches(folder):
                return layout, folder
        inner = find_folders(folder)
        if len(inner) != 1:
            raise _unknown_layout(folder)
        folder = inner[0]


def _unknown_layout(folder: Path) -> DatasetError:
    count = sum(1 for _ in find_image_files(folder))
    names = [path.name for path in find_folders(folder)]
    holds = f"its folders are {quote_first(names)}" if names else "it has no folders"
    problem = f"{folder} holds no images" if count == 0 else f"{folder} holds {count} images in no known layout"
    return DatasetError(
        f"{problem}; {holds}.",
        'Put the images in the folders "fractured" and "not fractured", or add a manifest.csv with path and label.',
    )


def _refuse_unusable(items: list[DatasetItem], excluded: list[Exclusion], root: Path, one_class: bool) -> None:
    counts = [sum(item.label == label for item in items) for label in range(len(LABELS))]
    if not items:
        reasons = [f"{exclusion.name}: {exclusion.reason}" for exclusion in excluded]
        left_out = f" that can be used; {len(reasons)} were left out ({quote_first(reasons)})" if reasons else ""
        raise DatasetError(f"{root} holds no images{left_out}.", "Images are JPEG, PNG, TIFF or DICOM files.")
    if 0 in counts and not one_class:
        present, absent = LABELS[counts.index(max(counts))], LABELS[counts.index(0)]
        raise DatasetError(
            f"All {len(items)} images in {root} are {present} ({quote_first([item.name for item in items])}).",
            f'Add images that are "{absent}"; one class cannot be learnt or measured.',
        )
