"""The paper's network: Inception with dimension reduction (García Aguirre, Fig. 2).

The paper's text says that a pool follows every Inception block; its figure has
one after every second. The figure is what ran, and is what stands here.
"""

import math
from typing import Literal, NamedTuple

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from fracture_core.base import ShapeError

STEM_CHANNELS = 32
BLOCK_CHANNELS = (128, 256, 512, 1024)

Architecture = Literal["RadiographiesNet", "EfficientNetLite0"]


class NetworkConfig(BaseModel):
    """What can vary around Fig. 2; the defaults are the paper's.

    A lone radiograph has one channel: ``in_channels=1``. With ``marks`` the network
    also marks fractures on its last feature maps and counts the marks in its call.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: Architecture = "RadiographiesNet"
    in_channels: int = Field(3, ge=1, le=16)
    num_classes: int = Field(2, ge=2, le=1000)
    dropout: float = Field(0.2, ge=0.0, lt=1.0)
    input_size_px: int = Field(224, ge=32, le=2048)
    marks: bool = False


class LayerRow(NamedTuple):
    """One line of the layer table; ``output_shape`` is without the batch."""

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int


def build_convolution(in_channels: int, out_channels: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Return convolution, BatchNorm, ReLU; padded so that stride 1 keeps the size."""
    return nn.Sequential(
        # BatchNorm's shift stands in for the convolution's bias.
        nn.Conv2d(in_channels, out_channels, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(inplace=True),
    )


class InceptionBlock(nn.Module):
    """Four branches of equal width, concatenated (Szegedy et al. 2015, Fig. 2b).

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output, a multiple of 8; a branch has a
            quarter of them, a reducing convolution half of a branch.

    Shape: ``(N, in_channels, H, W)`` to ``(N, out_channels, H, W)``.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        branch = out_channels // 4
        reduced = branch // 2
        self.branch1x1 = build_convolution(in_channels, branch, 1)
        self.branch3x3 = nn.Sequential(
            build_convolution(in_channels, reduced, 1), build_convolution(reduced, branch, 3)
        )
        self.branch5x5 = nn.Sequential(
            build_convolution(in_channels, reduced, 1), build_convolution(reduced, branch, 5)
        )
        self.branch_pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), build_convolution(in_channels, branch, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        branches = (self.branch1x1, self.branch3x3, self.branch5x5, self.branch_pool)
        return torch.cat([branch(x) for branch in branches], dim=1)


class Marker(nn.Module):
    """Marks fractures on feature maps, and turns the marks into evidence for the whole radiograph.

    Average pooling dilutes a fracture that covers a hundredth of the picture; the
    log-mean-exp of the marks lets one bright spot speak (Pinheiro & Collobert 2015).

    Shape: ``(N, C, h, w)`` to marks ``(N, h, w)``, in logits.
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, 1, 1)
        nn.init.normal_(self.convolution.weight, std=0.01)
        assert self.convolution.bias is not None
        nn.init.constant_(self.convolution.bias, -4.0)  # a cell is rarely a fracture
        self.gain = nn.Parameter(torch.ones(1))

    def forward(self, features: Tensor) -> Tensor:
        marks: Tensor = self.convolution(features).squeeze(1)
        return marks

    def pool(self, marks: Tensor) -> Tensor:
        """Return the evidence of ``(N, h, w)`` marks for a fracture anywhere, ``(N,)``, in logits."""
        cells = marks.flatten(1).float()
        return self.gain * (cells.logsumexp(dim=1) - math.log(cells.shape[1]))


class FractureNetwork(nn.Module):
    """What reading and training know of a network.

    Attributes:
        config: what it was built from.
        feature_channels: of the last feature maps.
    """

    config: NetworkConfig
    feature_channels: int

    def forward_with_features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the last feature maps, the logits, and maps of evidence for a fracture in logits.

        Shape: ``(N, in_channels, S, S)`` to ``(N, feature_channels, S/16, S/16)``,
        ``(N, num_classes)`` and ``(N, S/16, S/16)``.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return self.forward_with_features(x)[1]

    def _check_input(self, x: Tensor) -> None:
        channels = self.config.in_channels
        if x.ndim != 4 or x.shape[1] != channels or min(x.shape[2:]) < 16:
            raise ShapeError("The network's input", tuple(x.shape), f"(N, {channels}, H >= 16, W >= 16)")


def add_evidence(logits: Tensor, evidence: Tensor) -> Tensor:
    """Return ``(N, 2)`` logits with ``(N,)`` evidence added to the fractured class."""
    return torch.stack([logits[:, 0], logits[:, 1] + evidence.to(logits)], dim=1)


class RadiographiesNet(FractureNetwork):
    """The network of Fig. 2.

    Shape: ``(N, in_channels, S, S)`` float32 to ``(N, num_classes)`` logits.

    Example:
        >>> network = RadiographiesNet(NetworkConfig(in_channels=1)).eval()
        >>> network(torch.zeros(2, 1, 224, 224)).shape
        torch.Size([2, 2])
    """

    def __init__(self, config: NetworkConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or NetworkConfig()
        first, second, third, fourth = BLOCK_CHANNELS
        self.stem = nn.Sequential(
            *build_convolution(config.in_channels, STEM_CHANNELS, 7, stride=2),
            nn.MaxPool2d(2),
            nn.Dropout(config.dropout),
        )
        self.block1 = InceptionBlock(STEM_CHANNELS, first)
        self.block2 = InceptionBlock(first, second)
        self.pool1 = nn.MaxPool2d(2)
        self.block3 = InceptionBlock(second, third)
        self.block4 = InceptionBlock(third, fourth)
        self.pool2 = nn.MaxPool2d(2)
        self.average_pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(fourth, config.num_classes)
        self.marker = Marker(fourth) if config.marks else None
        self.feature_channels = fourth

    def extract_features(self, x: Tensor) -> Tensor:
        """Return the last feature maps: ``(N, C, S, S)`` to ``(N, 1024, S/16, S/16)``.

        Raises:
            ShapeError: wrong rank or channel count, or smaller than 16 px.
        """
        self._check_input(x)
        x = self.stem(x)  # (N, 32, 56, 56) at 224 px
        x = self.block1(x)  # (N, 128, 56, 56)
        x = self.pool1(self.block2(x))  # (N, 256, 28, 28)
        x = self.block3(x)  # (N, 512, 28, 28)
        features: Tensor = self.pool2(self.block4(x))  # (N, 1024, 14, 14)
        return features

    def classify_features(self, features: Tensor) -> Tensor:
        """Return ``(N, num_classes)`` logits of ``(N, 1024, h, w)`` feature maps."""
        pooled = self.average_pool(features).flatten(1)  # (N, 1024)
        logits: Tensor = self.classifier(self.dropout(pooled))
        return logits

    def forward_with_features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.extract_features(x)
        logits = self.classify_features(features)
        if self.marker is None:
            return features, logits, self.compute_activation_maps(features)
        marks = self.marker(features)
        return features, add_evidence(logits, self.marker.pool(marks)), marks

    def compute_activation_maps(self, features: Tensor) -> Tensor:
        """Return the exact class activation maps of feature maps, ``(N, h, w)``, in logits.

        With average pooling and one linear layer their mean is the logit margin
        (fractured minus not), so they show what made the call and nothing else.

        Source: Zhou et al. 2016, arXiv:1512.04150, sec. 2.
        """
        weight, bias = self.classifier.weight, self.classifier.bias
        return torch.einsum("nchw,c->nhw", features, (weight[1] - weight[0]).to(features)) + (bias[1] - bias[0])


def summarize_network(network: RadiographiesNet) -> list[LayerRow]:
    """Return the layer table for one image of the configured input size, in Fig. 2's order."""
    rows: list[LayerRow] = []
    # A row is a layer of the stem or a direct child; branches of a block stay inside it.
    names = {layer: f"stem.{index}" for index, layer in enumerate(network.stem)}
    names |= {layer: name for name, layer in network.named_children() if layer is not network.stem}

    def note(layer: nn.Module, _: tuple[Tensor, ...], output: Tensor) -> None:
        parameters = sum(parameter.numel() for parameter in layer.parameters())
        rows.append(LayerRow(names[layer], type(layer).__name__, tuple(output.shape[1:]), parameters))

    handles = [layer.register_forward_hook(note) for layer in names]
    config, was_training = network.config, network.training
    try:
        with torch.inference_mode():
            network.eval()(torch.zeros(1, config.in_channels, config.input_size_px, config.input_size_px))
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()
    return rows
