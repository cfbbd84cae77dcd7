"""The shim mends a torchvision that cannot load its operators, and is inert where it can.

Each case needs an interpreter that has not imported torchvision yet.
"""

import subprocess
import sys

import pytest

from fracture_core.base.settings import PROJECT_DIR
from fracture_core.networks import torchvision_compat

MENDED = """
import fracture_core.networks.torchvision_compat as compat
import torch
def refuse(path):   # as on a CPU-only torch, for the shim and for torchvision itself
    raise OSError("libcudart.so: cannot open shared object file")
torch.ops.load_library = refuse
assert compat.ensure_torchvision_imports() is True
assert compat.ensure_torchvision_imports() is True   # again, still alive
import torchvision, lightning, torchmetrics
from torchvision.transforms import v2
assert v2.functional.horizontal_flip(torch.eye(2)).tolist() == [[0, 1], [1, 0]]
"""

INERT = """
import torch
loaded = torch.library.Library("torchvision", "DEF")   # as the wheel's own library does
loaded.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import fracture_core.networks.torchvision_compat as compat
assert compat.ensure_torchvision_imports() is False
assert compat._library is None
assert not hasattr(torch.ops.torchvision, "qnms")   # nothing was defined
"""


@pytest.mark.parametrize(
    "script", [pytest.param(MENDED, id="mended", marks=pytest.mark.slow), pytest.param(INERT, id="inert")]
)
def test_both_branches(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_inert_where_own_library_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_compat, "_library", None)
    monkeypatch.setattr(torchvision_compat, "_has_operator", lambda: False)
    monkeypatch.setattr(torchvision_compat, "_load_own_library", lambda: True)
    assert torchvision_compat.ensure_torchvision_imports() is False
    assert torchvision_compat._library is None


def test_inert_where_torchvision_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchvision_compat.importlib.util, "find_spec", lambda name: None)
    assert torchvision_compat._load_own_library() is True
