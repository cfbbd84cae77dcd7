"""What a checkpoint learned from: its own training and validation files, and those of the checkpoints it came from."""

from dataclasses import dataclass

from fracture_core.base import CheckpointError
from fracture_core.datasets import read_split
from fracture_core.evaluation.leaks import LEARNT_BEFORE
from fracture_core.networks import NO_CHECKPOINT, Checkpoint, find_checkpoint

_FOREBEARS = {"initial": "It started from the weights of", "teacher": "It was taught by"}


@dataclass(frozen=True)
class Learned:
    """Files of one data set that were learned from, by names relative to its root."""

    dataset: str
    fingerprint: str
    names: frozenset[str]


def list_learned(checkpoint: Checkpoint) -> tuple[list[Learned], list[str]]:
    """Return what a checkpoint and its forebears learned from, and why some of it is not known."""
    learned: list[Learned] = []
    unknown: list[str] = []
    pending, seen = [checkpoint], {checkpoint.manifest.weights_sha256}
    while pending:
        current = pending.pop()
        split = read_split(current.split_path)
        if not split:
            unknown.append(f"'{current.name}' has no record of the files that it learned from.")
        fingerprints = {record.name: record.fingerprint for record in current.manifest.data}
        for dataset, sides in split.items():
            names = frozenset(name for side in LEARNT_BEFORE["test"] for name in sides.get(side, ()))
            learned.append(Learned(dataset, fingerprints.get(dataset, ""), names))
        for role, words in _FOREBEARS.items():
            name = str(current.manifest.recipe.get(role, ""))
            if name in NO_CHECKPOINT:
                continue
            try:
                forebear = find_checkpoint(name)
            except CheckpointError:
                unknown.append(
                    f"{words} '{name}', which is no longer on this machine: what that one learned from is not known."
                )
                continue
            if forebear.manifest.weights_sha256 not in seen:
                seen.add(forebear.manifest.weights_sha256)
                pending.append(forebear)
    return _unite(learned), unknown


def _unite(learned: list[Learned]) -> list[Learned]:
    """Return one entry a data set."""
    names: dict[tuple[str, str], frozenset[str]] = {}
    for part in learned:
        key = (part.dataset, part.fingerprint)
        names[key] = names.get(key, frozenset()) | part.names
    return [Learned(*key, found) for key, found in names.items() if found]
