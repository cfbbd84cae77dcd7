"""What the paper itself reports; the only figures of these documents that come from print.

Apart: the only figures of the documents that come from print, in one place.
"""

from typing import NamedTuple

CITATION = (
    "A. García Aguirre. Convolutional neural network for fracture detection in x-ray images. "
    "Code and data: https://github.com/juang1910/Radiographies."
)


class PaperFigure(NamedTuple):
    """An accuracy that the paper reports, and on what."""

    what: str
    accuracy: float


FIGURES = (
    PaperFigure("validation: a random tenth of the train folder's files", 0.85),
    PaperFigure("test: the val folder", 0.81),
)
