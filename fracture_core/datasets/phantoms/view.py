"""Where the detector stands: which millimetre of a drawn arm falls on which pixel."""

from dataclasses import dataclass

import numpy as np

from fracture_core.datasets.phantoms.shapes import Point

Window = tuple[slice, slice]  # rows, columns


@dataclass(frozen=True)
class View:
    """A view from the front.

    Attributes:
        width_px, height_px: size of the image.
        px_per_mm: scale.
        centre_mm: the point of the arm at the middle of the image.
        turn_rad: direction of the fingers, from the top of the image, clockwise.
        mirrored: a left arm.
    """

    width_px: int
    height_px: int
    px_per_mm: float
    centre_mm: Point
    turn_rad: float
    mirrored: bool

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of the image, px."""
        return (self.height_px, self.width_px)

    def scaled(self, share: float) -> "View":
        """Return the same view on ``share`` times as many pixels a side."""
        width_px, height_px = round(self.width_px * share), round(self.height_px * share)
        return View(width_px, height_px, self.px_per_mm * share, self.centre_mm, self.turn_rad, self.mirrored)

    def to_px(self, point_mm: Point) -> tuple[float, float]:
        """Return the (column, row) of a point of the arm; the corner of the image is (0, 0)."""
        x_axis, y_axis = self._axes()
        offset = x_axis * (point_mm[0] - self.centre_mm[0]) + y_axis * (point_mm[1] - self.centre_mm[1])
        column, row = offset * self.px_per_mm + (self.width_px / 2, self.height_px / 2)
        return float(column), float(row)

    def coordinates_mm(self, window: Window, origin_mm: Point, direction: Point) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each pixel of a window lies along and across an axis.

        Args:
            window: rows and columns.
            origin_mm, direction: the axis; the direction is of length one. With an
                axis to the fingertips, across counts to the ulnar side.

        Returns:
            two ``(h, w)`` float32 arrays, mm.
        """
        rows, columns = window
        column0, row0 = self.to_px(origin_mm)
        right = (np.arange(columns.start, columns.stop) + 0.5 - column0) / self.px_per_mm
        down = (np.arange(rows.start, rows.stop) + 0.5 - row0) / self.px_per_mm
        x_axis, y_axis = self._axes()
        along = x_axis * direction[0] + y_axis * direction[1]
        across = x_axis * direction[1] - y_axis * direction[0]
        return _outer_sum(down * along[1], right * along[0]), _outer_sum(down * across[1], right * across[0])

    def window(self, points_mm: tuple[Point, ...], margin_mm: float) -> Window:
        """Return the part of the image within a margin of some points; it may be empty."""
        columns, rows = np.array([self.to_px(point) for point in points_mm]).T
        margin_px = margin_mm * self.px_per_mm
        return _span(rows, margin_px, self.height_px), _span(columns, margin_px, self.width_px)

    def _axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the directions in the image (column, row) of x and of y."""
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        return np.array([cos, sin]) * (-1.0 if self.mirrored else 1.0), np.array([sin, -cos])


def _outer_sum(down: np.ndarray, right: np.ndarray) -> np.ndarray:
    return down.astype(np.float32)[:, None] + right.astype(np.float32)[None, :]


def _span(positions_px: np.ndarray, margin_px: float, size_px: int) -> slice:
    start = int(np.clip(np.floor(positions_px.min() - margin_px), 0, size_px))
    return slice(start, int(np.clip(np.ceil(positions_px.max() + margin_px), start, size_px)))


def choose_view(region: str, size_px: int, rng: np.random.Generator) -> View:
    """Return a view of the forearm or the hand: mostly upright, some upside down or on the side.

    Args:
        region: "forearm" or "hand".
        size_px: length of the longer side, which runs along the arm.
        rng: source of chance.
    """
    if region == "forearm":
        (x_mm, y_mm), field_mm, aspect = (2.0, -46.0), rng.uniform(145.0, 170.0), rng.uniform(0.66, 0.8)
    else:
        (x_mm, y_mm), field_mm, aspect = (-7.0, 90.0), rng.uniform(203.0, 216.0), rng.uniform(0.76, 0.9)
    # Bounded, so that no break falls outside.
    x_mm, y_mm = np.array([x_mm, y_mm]) + np.clip(rng.normal(0.0, 1.0, 2), -2.0, 2.0) * (3.0, 4.0)
    on_its_side = rng.random() < 0.2
    quarter_turns = rng.choice((-1, 1)) if on_its_side else 2 * (rng.random() < 0.15)
    turn_deg = 90.0 * quarter_turns + np.clip(rng.normal(0.0, 5.0), -12.0, 12.0)
    short_px = round(size_px * aspect)
    width_px, height_px = (size_px, short_px) if on_its_side else (short_px, size_px)
    centre_mm, mirrored = (float(x_mm), float(y_mm)), bool(rng.random() < 0.5)
    return View(width_px, height_px, size_px / field_mm, centre_mm, float(np.deg2rad(turn_deg)), mirrored)
