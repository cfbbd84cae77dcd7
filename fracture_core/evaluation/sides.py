"""Evaluating a checkpoint on the sides that it saw a data set's files on."""

from collections.abc import Collection

from fracture_core.base import EvaluationError, StageProgress
from fracture_core.datasets import (
    Catalog,
    LabelledImages,
    SideNames,
    divide_by_group,
    load_labelled_images,
    open_dataset,
    read_split_file,
)
from fracture_core.evaluation.evaluator import evaluate_checkpoint
from fracture_core.evaluation.leaks import LEARNT_BEFORE, find_leaking, refuse_leaks
from fracture_core.evaluation.records import Evaluation, Leaks
from fracture_core.networks import Checkpoint


def evaluate_dataset(
    checkpoint: Checkpoint,
    data: str,
    *,
    split: str = "test",
    as_published: bool = False,
    device: str = "auto",
    progress: StageProgress | None = None,
) -> Evaluation:
    """Evaluate a checkpoint on one side of a data set given by name or folder.

    Args:
        split: "train", "val" or "test" as the checkpoint saw the data; a data set
            it was not trained on is divided afresh. "all" takes every file, and
            is refused for a data set that it was trained on.
        as_published: take the side of that name as the data set was published
            with it, whatever leaks; the evaluation is marked so. A "val" that was
            published without a "test" is the test side too, as it is in training.

    Raises:
        DatasetError: the data set cannot be read.
        LeakError: the side leaks, and ``as_published`` was not asked for.
        EvaluationError: nothing to evaluate, or "all" of data it has learned.
    """
    progress = progress or (lambda what, done, total: None)
    catalog = open_dataset(data)
    stored, learned_before = find_stored_sides(checkpoint, catalog)
    if split == "all" and (stored or as_published):
        raise EvaluationError(
            f"'{checkpoint.name}' was trained on '{catalog.name}': figures over all of it would be too good."
            if stored
            else f"'{catalog.name}' was not published with a side called 'all'.",
            "Evaluate one side of it: --split test or --split val.",
        )
    images = load_labelled_images(
        [catalog],
        checkpoint.manifest.preprocessing,
        progress=lambda done, total: progress("Decoding radiographs", done, total),
    )
    learned = learned_before.get(split, ())
    side, leaks = select_side(images, split, stored, learned_before=learned, as_published=as_published)
    return evaluate_checkpoint(
        checkpoint,
        side,
        dataset=catalog.name,
        fingerprint=catalog.fingerprint,
        split=split,
        as_published=as_published,
        leaks=leaks,
        device=device,
        progress=lambda done, total: progress("Reading radiographs", done, total),
    )


def find_stored_sides(checkpoint: Checkpoint, catalog: Catalog) -> tuple[SideNames, SideNames]:
    """Return the sides of the data set in the checkpoint's training, recognised by content or by name.

    The second says what on each side its first weights or its teacher had learned from.
    """
    split = read_split_file(checkpoint.split_path)
    records = checkpoint.manifest.data
    same = (record.name for record in records if record.fingerprint == catalog.fingerprint)
    name = next(same, catalog.name)
    return split.datasets.get(name, {}), split.learned_before.get(name, {})


def select_side(
    images: LabelledImages,
    split: str,
    stored: SideNames,
    *,
    learned_before: Collection[str] = (),
    as_published: bool = False,
) -> tuple[LabelledImages, Leaks | None]:
    """Return one side of one data set's images, names relative to its root, and what of it leaks.

    Args:
        stored: names by side in the checkpoint's training, relative to the root; empty if it was not trained on it.
        learned_before: names of what on this side its first weights or its teacher had learned from.

    Raises:
        LeakError: the side leaks, and ``as_published`` was not asked for.
        EvaluationError: no side of that name was published.
    """
    dataset = images.datasets[0]
    trained = {side: {f"{dataset}/{name}" for name in names} for side, names in stored.items()}
    learnt_before = _list_groups(images, {f"{dataset}/{name}" for name in learned_before})
    published = _list_published(images)
    if split == "all":
        return images.of_dataset(dataset), None
    if as_published:
        if split == "test" and "test" not in published and "val" in published:
            published = {"test": published["val"], **{side: published[side] for side in published if side != "val"}}
        names = _find_published(dataset, split, published, trained)
        # What was published to learn from counts as learned, whether this checkpoint did or not.
        divisions = (published, trained) if split in published else (trained,)
        learnt = _list_learnt_groups(images, split, *divisions)
        leaks = find_leaking(images.select(names), learnt | learnt_before)
    elif trained:
        names = trained.get(split, set())
        own = find_leaking(images.select(names), _list_learnt_groups(images, split, trained))
        refuse_leaks(own, "The split that this checkpoint was trained with")
        leaks = find_leaking(images.select(names), learnt_before)
    else:
        for side, held_out in published.items():
            leaks = find_leaking(images.select(held_out), _list_learnt_groups(images, side, published))
            refuse_leaks(leaks, f"The published split of '{dataset}'")
        return divide_by_group(images)[split].of_dataset(dataset), None
    return images.select(names).of_dataset(dataset), leaks


def _list_published(images: LabelledImages) -> dict[str, set[str]]:
    """Return names by published side; empty where some file has none."""
    sides: dict[str, set[str]] = {}
    for item in images.items:
        if item.published_split is None:
            return {}
        sides.setdefault(item.published_split, set()).add(item.name)
    return sides


def _find_published(dataset: str, split: str, published: dict[str, set[str]], trained: dict[str, set[str]]) -> set[str]:
    for sides in (published, trained):  # a training as published may have made a validation side of its own
        if split in sides:
            return sides[split]
    known = ", ".join(sorted(published | trained))
    raise EvaluationError(
        f"'{dataset}' was published without a side called '{split}'.",
        f"Its sides are: {known}." if known else "It has no published split: leave --as-published out.",
    )


def _list_learnt_groups(images: LabelledImages, split: str, *divisions: dict[str, set[str]]) -> set[str]:
    """Return the groups of the sides that were, by any of the divisions, learned from before this one is measured."""
    learnt = {name for sides in divisions for side in LEARNT_BEFORE[split] for name in sides.get(side, ())}
    return _list_groups(images, learnt)


def _list_groups(images: LabelledImages, names: Collection[str]) -> set[str]:
    return {item.group for item in images.items if item.name in names}
