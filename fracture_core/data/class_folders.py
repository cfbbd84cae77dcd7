"""A folder a class, the layout of the paper's Kaggle data set, with or without split folders."""

from pathlib import Path

from fracture_core.data.image_files import find_folders, find_image_files, read_family
from fracture_core.data.items import Exclusion, Item, quote_first
from fracture_core.data.labels import read_label
from fracture_core.errors import DatasetError

SPLIT_FOLDERS = {
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
    "test": "test", "testing": "test",
}  # fmt: skip


def is_class_folders(root: Path) -> bool:
    """Tell whether ``root``, or a split folder in it, holds a folder named as a class."""
    return any(read_label(folder.name) is not None for parent in _find_split_parents(root) for folder in parent)


def read_class_folders(root: Path) -> tuple[list[Item], list[Exclusion]]:
    """Return one item an image file; group is the file's family within its folder.

    Raises:
        DatasetError: a folder beside the class folders holds images and is no class.
    """
    items: list[Item] = []
    for class_folder in (folder for parent in _find_split_parents(root) for folder in parent):
        label = read_label(class_folder.name)
        files = list(find_image_files(class_folder))
        if label is None:
            _refuse_unknown_class(class_folder, root, files)
            continue
        split = SPLIT_FOLDERS.get(class_folder.parent.name.lower()) if class_folder.parent != root else None
        items.extend(_read_item(path, root, label, split) for path in files)
    return items, []


def _find_split_parents(root: Path) -> list[list[Path]]:
    """Return the class folders of each split folder, or those of the root where it has none."""
    folders = find_folders(root)
    splits = [folder for folder in folders if folder.name.lower() in SPLIT_FOLDERS]
    return [find_folders(split) for split in splits] if splits else [folders]


def _read_item(path: Path, root: Path, label: int, split: str | None) -> Item:
    name = path.relative_to(root).as_posix()
    # Ids are counted per folder: the same number in two folders is two radiographs.
    folder = name.rpartition("/")[0]
    return Item(path, name, label, group=f"{folder}/{read_family(path.name)}", published_split=split)


def _refuse_unknown_class(folder: Path, root: Path, files: list[Path]) -> None:
    if files:
        raise DatasetError(
            f"The folder {folder.relative_to(root).as_posix()} holds {len(files)} images "
            f"({quote_first([path.name for path in files])}) but its name is no class.",
            'Name it "fractured" or "not fractured", or move it out of the data set.',
        )
