"""Breaks of a long bone: fragments that slipped, bent and came apart along a jagged line."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fragment:
    """Where a fragment lay before the break, seen from each pixel, and how much of a ray it fills.

    Attributes:
        along_mm, across_mm: ``(h, w)`` float32, position in the unbroken bone.
        share: ``(h, w)`` float32 in [0, 1].
    """

    along_mm: np.ndarray
    across_mm: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Break:
    """One break, in the coordinates of its bone.

    Attributes:
        at_mm: place along the axis.
        calibre_mm: width of the bone there.
        slope: how far the line runs along the bone for each mm across it.
        jags: ``(2, K, 3)`` amplitude (mm), frequency (rad/mm) and phase of the waves
            in the line, on the front and on the back of the bone.
        gap_mm: width of the lucent line.
        slip_mm: how far the fragments stand apart sideways.
        bend_mm: how far both fragments leave the axis at the break.
        overlap_mm: how far they slid past each other lengthwise.
        reach_mm: the fragments are back in place at this distance.
        wedge_mm: length of a third fragment that broke out on one side; 0 for none.
        side: +1 or -1, where the wedge is.
    """

    at_mm: float
    calibre_mm: float
    slope: float
    jags: np.ndarray
    gap_mm: float
    slip_mm: float
    bend_mm: float
    overlap_mm: float
    reach_mm: float
    wedge_mm: float
    side: float

    def fragments(self, along_mm: np.ndarray, across_mm: np.ndarray, pixel_mm: float) -> Iterator[Fragment]:
        """Yield the fragments, given the ``(h, w)`` position of each pixel along and across the bone."""
        # Straight at the break, so that the bone is bent there; smooth where it is back in place.
        nearness = np.maximum(1.0 - np.abs(along_mm - self.at_mm) / self.reach_mm, 0.0) ** 2
        aside = across_mm - self.bend_mm * nearness
        slip = 0.5 * self.slip_mm * nearness
        slide = 0.5 * self.overlap_mm * nearness
        yield self._proximal(along_mm - slide, aside + slip, pixel_mm)
        yield self._distal(along_mm + slide, aside - slip, pixel_mm)
        if self.wedge_mm:
            yield self._wedge(along_mm, aside - self.side * 0.12 * self.calibre_mm * nearness, pixel_mm)

    def _proximal(self, along_mm: np.ndarray, across_mm: np.ndarray, pixel_mm: float) -> Fragment:
        share = _mean([_step(line - self.gap_mm / 2 - along_mm, pixel_mm) for line in self._lines(across_mm)])
        return Fragment(along_mm, across_mm, share)

    def _distal(self, along_mm: np.ndarray, across_mm: np.ndarray, pixel_mm: float) -> Fragment:
        wedge = self._wedge_width(across_mm)
        share = _mean([_step(along_mm - line - self.gap_mm / 2 - wedge, pixel_mm) for line in self._lines(across_mm)])
        return Fragment(along_mm, across_mm, share)

    def _wedge(self, along_mm: np.ndarray, across_mm: np.ndarray, pixel_mm: float) -> Fragment:
        wedge = self._wedge_width(across_mm)
        # Half a gap on either side of it.
        shares = [
            _step(wedge / 2 - self.gap_mm / 2 - np.abs(along_mm - line - wedge / 2), pixel_mm)
            for line in self._lines(across_mm)
        ]
        return Fragment(along_mm, across_mm, _mean(shares))

    def _lines(self, across_mm: np.ndarray) -> list[np.ndarray]:
        """Return where along the bone the line runs on its front and on its back, mm."""
        straight = self.at_mm + self.slope * across_mm
        place_mm = np.linspace(-self.calibre_mm, self.calibre_mm, 256)
        index = np.clip((across_mm / self.calibre_mm + 1.0) * 127.5, 0, 255).astype(np.uint8)
        jags = [sum(a * np.sin(f * place_mm + p) for a, f, p in waves) for waves in self.jags]
        return [straight + jag.astype(np.float32)[index] for jag in jags]

    def _wedge_width(self, across_mm: np.ndarray) -> np.ndarray:
        """Return the length of the wedge, which tapers from its side of the bone to nothing."""
        return np.clip(self.side * across_mm / self.calibre_mm + 0.4, 0.0, 1.0) * self.wedge_mm


def _step(distance_mm: np.ndarray, pixel_mm: float) -> np.ndarray:
    """Return 0 to 1 over one pixel: an edge without stairs."""
    return np.clip(distance_mm / pixel_mm + 0.5, 0.0, 1.0)


def _mean(arrays: list[np.ndarray]) -> np.ndarray:
    return sum(arrays[1:], arrays[0]) / np.float32(len(arrays))
