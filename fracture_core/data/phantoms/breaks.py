"""Breaks of a long bone: fragments that slipped, bent and came apart along a jagged line."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

FORMS = ("transverse", "oblique", "comminuted")


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
        shares = [
            _step(along_mm - line - self.gap_mm / 2, pixel_mm) * _step(line + wedge - self.gap_mm / 2 - along_mm, pixel_mm)
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


def make_break(at_mm: float, calibre_mm: float, room_mm: float, rng: np.random.Generator) -> Break:
    """Return a break of a random form; one in four is subtle, with hardly a step and a thin line.

    Args:
        at_mm: place along the bone.
        calibre_mm: width of the bone there; all sizes follow from it.
        room_mm: distance to the nearer end of the bone, which stays where it is.
        rng: source of chance.
    """
    form = FORMS[rng.choice(3, p=(0.4, 0.35, 0.25))]
    severity = rng.uniform(0.25, 0.45) if rng.random() < 0.2 else rng.uniform(0.7, 1.0)
    slope = rng.uniform(0.6, 1.1) if form == "oblique" else rng.uniform(0.0, 0.25)
    reach_mm = min(calibre_mm * rng.uniform(2.4, 3.4), room_mm)
    drift_mm = severity * (calibre_mm + 3.0)  # small bones are driven further apart for their size
    bend_mm = min(drift_mm * rng.uniform(0.25, 0.5), 0.24 * reach_mm)
    return Break(
        at_mm=at_mm,
        calibre_mm=calibre_mm,
        slope=slope * rng.choice((-1.0, 1.0)),
        jags=_draw_jags(calibre_mm, rng),
        gap_mm=0.3 + 0.13 * drift_mm,
        slip_mm=drift_mm * rng.uniform(0.3, 0.65) * rng.choice((-1.0, 1.0)),
        bend_mm=bend_mm * rng.choice((-1.0, 1.0)),
        overlap_mm=drift_mm * rng.uniform(-0.1, 0.1),
        reach_mm=reach_mm,
        wedge_mm=calibre_mm * rng.uniform(0.9, 1.4) if form == "comminuted" else 0.0,
        side=rng.choice((-1.0, 1.0)),
    )


def _draw_jags(calibre_mm: float, rng: np.random.Generator) -> np.ndarray:
    """Return waves of the line: the back follows the front, but not quite."""
    periods_mm = calibre_mm * np.array([1.2, 0.5, 0.22])
    amplitudes_mm = calibre_mm * np.array([0.07, 0.045, 0.02]) * rng.uniform(0.6, 1.4, 3)
    phases = rng.uniform(0.0, 6.28, 3)
    front = np.stack([amplitudes_mm, 6.28 / periods_mm, phases], axis=1)
    back = np.stack([amplitudes_mm, 6.28 / periods_mm, phases + rng.normal(0.0, 0.9, 3)], axis=1)
    return np.stack([front, back])
