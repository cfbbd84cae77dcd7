"""What one filter divides the files by, kept so that finding and counting take one pass."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Facet:
    """What one filter divides the files by; a file may have several values, or none.

    Attributes:
        values: V words.
        rows, codes: ``(M,)`` each, a file and the index of a value that it has.
        pairs: ``(M,)`` the number of the radiograph with this value; ``pair_codes`` are the values of those P.
    """

    values: tuple[str, ...]
    rows: np.ndarray
    codes: np.ndarray
    pairs: np.ndarray
    pair_codes: np.ndarray

    @classmethod
    def build(cls, words: Iterable[Iterable[str]], radiographs: np.ndarray, known: tuple[str, ...] = ()) -> "Facet":
        """Return the facet of each file's words; those not among the known ones follow, the most frequent first.

        Args:
            radiographs: ``(N,)`` number of the radiograph that each file shows.
        """
        pairs = [(row, word) for row, of_file in enumerate(words) for word in of_file]
        found = pd.Series([word for _, word in pairs], dtype=object).value_counts()
        others = sorted((word for word in found.index if word not in known), key=lambda word: (-found[word], word))
        values = (*known, *others)
        code = {value: index for index, value in enumerate(values)}
        rows = np.array([row for row, _ in pairs], np.int64)
        codes = np.array([code[word] for _, word in pairs], np.int64)
        step = len(values) or 1
        distinct, numbers = np.unique(radiographs[rows] * step + codes, return_inverse=True)
        return cls(values, rows, codes, numbers, distinct % step)

    def count(self, mask: np.ndarray) -> np.ndarray:
        """Return ``(V,)`` files of each value where the mask ``(N,)`` holds."""
        return np.bincount(self.codes[mask[self.rows]], minlength=len(self.values))

    def count_radiographs(self, mask: np.ndarray) -> np.ndarray:
        """Return ``(V,)`` radiographs of each value where the mask ``(N,)`` holds."""
        seen = np.zeros(len(self.pair_codes), bool)
        seen[self.pairs[mask[self.rows]]] = True
        return np.bincount(self.pair_codes[seen], minlength=len(self.values))

    def find(self, wanted: Iterable[str], count: int) -> np.ndarray:
        """Return ``(count,)`` bool: which files have one of the wanted values."""
        wanted = set(wanted)
        chosen = np.array([value in wanted for value in self.values], bool)
        mask = np.zeros(count, bool)
        mask[self.rows[chosen[self.codes]]] = True
        return mask
