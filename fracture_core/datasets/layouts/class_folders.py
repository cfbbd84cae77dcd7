"""A folder a class, the layout of the paper's Kaggle data set, with or without split folders."""

from pathlib import Path

from fracture_core.base import DatasetError, quote_first
from fracture_core.datasets.layouts.image_files import find_folders, find_image_files, is_image_name, read_family
from fracture_core.datasets.layouts.items import DatasetItem, Exclusion
from fracture_core.datasets.layouts.spellings import SPLIT_FOLDERS, read_label


def is_class_folders(root: Path) -> bool:
    """Tell whether ``root``, or a split folder in it, holds a folder named as a class."""
    return any(read_label(folder.name) is not None for folder, _ in _find_class_folders(root))


def read_class_folders(root: Path) -> tuple[list[DatasetItem], list[Exclusion]]:
    """Return one item an image file; group is the file's family within its folder.

    Raises:
        DatasetError: a folder beside the class folders holds images and is no class.
    """
    items: list[DatasetItem] = []
    for folder, split in _find_class_folders(root):
        label = read_label(folder.name)
        files = list(find_image_files(folder))
        if label is None:
            _refuse_unknown_class(folder, root, files)
        else:
            items.extend(_read_item(path, root, label, split) for path in files)
    return items, _exclude_strays(root)


def _find_class_folders(root: Path) -> list[tuple[Path, str | None]]:
    """Return the folders that should be classes, each with its published split."""
    splits = _find_split_folders(root)
    beside_splits = [folder for folder in find_folders(root) if folder not in splits]
    if splits:
        # Other folders next to train and val (results, notebooks) are nobody's classes.
        beside_splits = [folder for folder in beside_splits if read_label(folder.name) is not None]
    inside = [(folder, SPLIT_FOLDERS[split.name.lower()]) for split in splits for folder in find_folders(split)]
    return [*inside, *((folder, None) for folder in beside_splits)]


def _find_split_folders(root: Path) -> list[Path]:
    return [folder for folder in find_folders(root) if folder.name.lower() in SPLIT_FOLDERS]


def _exclude_strays(root: Path) -> list[Exclusion]:
    """Return the images that lie beside the class folders rather than in one."""
    return [
        Exclusion(path.relative_to(root).as_posix(), "lies in no class folder")
        for parent in (root, *_find_split_folders(root))
        for path in sorted(parent.iterdir())
        if is_image_name(path.name) and path.is_file()
    ]


def _read_item(path: Path, root: Path, label: int, split: str | None) -> DatasetItem:
    name = path.relative_to(root).as_posix()
    # Ids are counted per folder: the same number in two folders is two radiographs.
    folder = name.rpartition("/")[0]
    return DatasetItem(path, name, label, group=f"{folder}/{read_family(path.name)}", published_split=split)


def _refuse_unknown_class(folder: Path, root: Path, files: list[Path]) -> None:
    if files:
        raise DatasetError(
            f"The folder {folder.relative_to(root).as_posix()} holds {len(files)} images "
            f"({quote_first([path.name for path in files])}) but its name is no class.",
            'Name it "fractured" or "not fractured", or move it out of the data set.',
        )
