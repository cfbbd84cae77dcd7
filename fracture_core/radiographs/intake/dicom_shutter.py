"""What a DICOM header covers of a picture: display shutters (PS3.3 C.7.6.11, C.7.6.15)."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from pydicom.dataset import Dataset

from fracture_core.radiographs.intake.dicom_values import read_dicom_value, read_number, read_numbers

_WHITE_P_VALUE = 65535.0
_MOST_VERTICES = 1000


@dataclass(frozen=True, eq=False)
class Shutter:
    """What is covered.

    Attributes:
        covered: ``(H, W)`` bool.
        shown: brightness in [0, 1] that stands there, 0 black.
    """

    covered: np.ndarray
    shown: float


def read_shutter(dataset: Dataset, rows: int, columns: int, notes: list[str]) -> Shutter | None:
    """Return what the shutters of a frame cover together; None where there is none, or none that can be used.

    Args:
        dataset: the item that holds for the frame.
        rows, columns: of the frame.
        notes: receives a sentence where a shutter covers something, or cannot be used.
    """
    stated = read_dicom_value(dataset, "ShutterShape")
    if not stated:
        return None
    shapes = [stated] if isinstance(stated, str) else [str(shape) for shape in stated]
    covered = np.zeros((rows, columns), bool)
    for shape in shapes:
        inside = _find_inside(dataset, shape.strip().upper(), rows, columns)
        if inside is None or not inside.any():
            notes.append(f"The file's display shutter ({shape.strip()[:16]}) cannot be used and was not applied.")
            continue
        covered |= ~inside
    if not covered.any() or covered.all():
        return None
    notes.append("The file's display shutter covers what lies outside of it.")
    return Shutter(
        covered, float(np.clip((read_number(dataset, "ShutterPresentationValue") or 0) / _WHITE_P_VALUE, 0, 1))
    )


def _find_inside(dataset: Dataset, shape: str, rows: int, columns: int) -> np.ndarray | None:
    """Return ``(H, W)`` bool of what a shutter leaves open; rows and columns of the header count from 1."""
    inside: np.ndarray
    row, column = np.mgrid[1 : rows + 1, 1 : columns + 1]
    if shape == "RECTANGULAR":
        sides = [
            read_number(dataset, f"Shutter{side}")
            for side in ("LeftVerticalEdge", "RightVerticalEdge", "UpperHorizontalEdge", "LowerHorizontalEdge")
        ]
        if any(side is None for side in sides):
            return None
        left, right, upper, lower = (side or 0.0 for side in sides)
        inside = (column >= left) & (column <= right) & (row >= upper) & (row <= lower)
        return inside
    if shape == "CIRCULAR":
        center, radius = (
            read_numbers(dataset, "CenterOfCircularShutter"),
            read_number(dataset, "RadiusOfCircularShutter"),
        )
        if len(center) != 2 or not radius:
            return None
        inside = (row - center[0]) ** 2 + (column - center[1]) ** 2 <= radius**2
        return inside
    if shape == "POLYGONAL":
        numbers = read_numbers(dataset, "VerticesOfThePolygonalShutter")
        if len(numbers) < 6 or len(numbers) % 2 or len(numbers) > 2 * _MOST_VERTICES:
            return None
        drawing = Image.new("1", (columns, rows), 0)
        corners = [(x - 1, y - 1) for y, x in zip(numbers[::2], numbers[1::2], strict=True)]
        ImageDraw.Draw(drawing).polygon(corners, fill=1, outline=1)
        return np.asarray(drawing, bool)
    return None
