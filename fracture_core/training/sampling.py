"""Which files a training epoch sees, and the batches they come in."""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from fracture_core.datasets import LabelledImages

Batch = tuple[Tensor, Tensor, Tensor]  # squares (N, S, S) uint8, labels (N,), box masks (N, s, s) uint8


class RadiographBatches(Dataset[Batch]):
    """Serves whole batches from memory: ``(N, S, S)`` uint8, ``(N,)`` labels, ``(N, s, s)`` uint8 box masks.

    Args:
        mirrored: the mirror images follow the images, so that there are twice as many.
    """

    def __init__(self, images: LabelledImages, *, mirrored: bool = False) -> None:
        self._squares = images.squares
        self._labels = images.labels
        self._masks = images.draw_box_masks()
        self._mirrored = mirrored

    def __len__(self) -> int:
        return len(self._labels) * (2 if self._mirrored else 1)

    def __getitem__(self, index: int) -> Batch:
        squares, labels, masks = self.__getitems__([index])
        return squares[0], labels[0], masks[0]

    def __getitems__(self, indices: list[int]) -> Batch:
        is_mirrored, sources = np.divmod(indices, len(self._labels))
        squares, masks = np.array(self._squares[sources]), self._masks[sources]
        for pictures in (squares, masks):
            pictures[is_mirrored == 1] = pictures[is_mirrored == 1, :, ::-1]
        return torch.from_numpy(squares), torch.from_numpy(self._labels[sources]), torch.from_numpy(masks)


class EpochSampler(Sampler[int]):
    """Draws an epoch anew from (seed, epoch), so that a resumed run draws what an unbroken one would.

    Args:
        images: the training part.
        balanced: both classes equally often within each data set, so that the look of
            a data set tells nothing of the label; the rarer one is repeated so that the
            epoch keeps its length.
        copies_per_epoch: most copies of one radiograph in an epoch; 0 for all.
        mirrored: draw from the mirror images too, as ``RadiographBatches`` numbers them.
    """

    def __init__(
        self, images: LabelledImages, *, seed: int, balanced: bool, copies_per_epoch: int, mirrored: bool = False
    ) -> None:
        times = 2 if mirrored else 1
        self._labels = np.tile(images.labels, times)
        self._datasets = np.tile(np.unique(images.datasets, return_inverse=True)[1], times)
        self._copies = _gather_copies(images.radiographs * times)
        self._seed, self._balanced, self._copies_per_epoch = seed, balanced, copies_per_epoch
        self._length = len(self._draw(0))
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning before each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        return iter(self._draw(self.epoch).tolist())

    def _draw(self, epoch: int) -> np.ndarray:
        random = np.random.default_rng((self._seed, epoch))
        chosen = [random.permutation(copies)[: self._copies_per_epoch or len(copies)] for copies in self._copies]
        indices = random.permutation(np.concatenate(chosen))
        if not self._balanced:
            return indices
        datasets = self._datasets[indices]
        parts = [_balance(indices[datasets == dataset], self._labels, random) for dataset in np.unique(datasets)]
        return random.permutation(np.concatenate(parts))


class EpochBatches:
    """The batches of an epoch, drawn anew for each; after a stop amid an epoch, those of it still to come.

    Lightning keeps and restores how far an epoch has come, through ``state_dict``.

    Args:
        batch_size: radiographs a batch; the last batch of an epoch may hold fewer, but two at least.
    """

    def __init__(self, radiographs: RadiographBatches, sampler: EpochSampler, batch_size: int) -> None:
        self.radiographs, self.sampler, self.batch_size = radiographs, sampler, batch_size
        self._position = self._go_on_from = (0, 0)  # epoch, batches of it

    def __len__(self) -> int:
        """Return the batches of a whole epoch, also of one that is gone on with."""
        whole, rest = divmod(len(self.sampler), self.batch_size)
        return whole + (rest > 1)  # BatchNorm cannot work on a batch of one

    def __iter__(self) -> Iterator[Batch]:
        # A generator looks at the epoch when the first batch is asked for; Lightning sets it after iter().
        epoch, indices = self.sampler.epoch, list(self.sampler)
        first = self._go_on_from[1] if self._go_on_from[0] == epoch else 0
        self._go_on_from = (0, 0)
        for number in range(first, len(self)):
            self._position = (epoch, number + 1)
            yield self.radiographs.__getitems__(indices[number * self.batch_size : (number + 1) * self.batch_size])

    def state_dict(self) -> dict[str, int]:
        """Return the epoch and how many of its batches have been served."""
        return dict(zip(("epoch", "served"), self._position, strict=True))

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Leave out, when that epoch comes, the batches of it that were served before."""
        self._position = self._go_on_from = (state["epoch"], state["served"])


def _gather_copies(radiographs: tuple[str, ...]) -> list[np.ndarray]:
    _, inverse = np.unique(radiographs, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1)


def _balance(indices: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return as many indices, half of each label; each label cycles through all it has before repeating."""
    pools = [pool for label in (0, 1) if len(pool := indices[labels[indices] == label])]
    share = -(-len(indices) // len(pools))
    parts = []
    for pool in pools:
        rounds = [random.permutation(pool) for _ in range(-(-share // len(pool)))]
        parts.append(np.concatenate(rounds)[:share])
    return random.permutation(np.concatenate(parts))[: len(indices)]
