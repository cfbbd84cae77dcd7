"""Lets torchvision's CUDA-linked PyPI wheel import on a CPU-only torch.

With a CPU torch the wheel's ``_C`` library cannot be loaded, so the operators
``nms`` and ``qnms`` do not exist, and torchvision's import fails where it
registers their meta kernels; lightning and torchmetrics then fail with it.
Defining the two schemas first is enough for transforms, models and datasets
(not for ``torchvision.io`` and ``torchvision.ops``).

Call ``ensure_torchvision_imports`` before anything that imports torchvision.
"""

import importlib.util
from pathlib import Path

import torch

SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
# The definitions live as long as this object; a module global keeps it alive.
_library: torch.library.Library | None = None


def ensure_torchvision_imports() -> bool:
    """Define the missing operators where the wheel cannot; return whether that was needed.

    Inert where torchvision is absent or its own library loads.
    """
    global _library
    if _library is not None:
        return True
    if _has_operator() or _load_own_library():
        return False
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]  # torch leaves it without types
    for schema in SCHEMAS.values():
        library.define(schema)  # type: ignore[no-untyped-call]  # as above
    _library = library
    return True


def _has_operator() -> bool:
    return hasattr(torch.ops.torchvision, "nms")


def _load_own_library() -> bool:
    """Load torchvision's compiled operators as torchvision itself would."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return True  # nothing to mend: importing it will say that it is not installed
    for library_path in sorted(Path(spec.origin).parent.glob("_C.*")):
        try:
            torch.ops.load_library(library_path)  # type: ignore[no-untyped-call]  # as above
        except OSError:  # linked to CUDA libraries that a CPU torch does not bring
            continue
        return _has_operator()
    return False
