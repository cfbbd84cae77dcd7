"""Fig. 2's layer table, and what seeded weights make of a seeded input."""

import json
from pathlib import Path

import pytest
import torch

from fracture_core.networks.inception import NetworkConfig, RadiographiesNet, summarize_network

OUTPUTS = Path(__file__).parent / "network_outputs.json"

# The paper's Fig. 2 (its text would pool after every block; the figure is what ran).
FIGURE_2 = [
    ("Conv2d", (32, 112, 112)),
    ("BatchNorm2d", (32, 112, 112)),
    ("ReLU", (32, 112, 112)),
    ("MaxPool2d", (32, 56, 56)),
    ("Dropout", (32, 56, 56)),
    ("InceptionBlock", (128, 56, 56)),
    ("InceptionBlock", (256, 56, 56)),
    ("MaxPool2d", (256, 28, 28)),
    ("InceptionBlock", (512, 28, 28)),
    ("InceptionBlock", (1024, 28, 28)),
    ("MaxPool2d", (1024, 14, 14)),
    ("AdaptiveAvgPool2d", (1024, 1, 1)),
    ("Dropout", (1024,)),
    ("Linear", (2,)),
]


def test_layer_table_is_figure_2() -> None:
    rows = summarize_network(RadiographiesNet())
    assert [(row.kind, row.output_shape) for row in rows] == FIGURE_2


def test_parameter_counts() -> None:
    """Counted by hand: a convolution has k*k*in*out weights, a BatchNorm two per channel."""

    def block(inputs: int, outputs: int) -> int:
        branch, reduced = outputs // 4, outputs // 8
        convolutions = 2 * inputs * branch + 2 * inputs * reduced + (9 + 25) * reduced * branch
        return convolutions + 2 * (4 * branch + 2 * reduced)

    expected = 49 * 3 * 32 + 2 * 32
    expected += block(32, 128) + block(128, 256) + block(256, 512) + block(512, 1024)
    expected += 1024 * 2 + 2
    assert sum(parameter.numel() for parameter in RadiographiesNet().parameters()) == expected


@pytest.mark.parametrize(("name", "channels", "size_px"), [("paper", 3, 224), ("one channel", 1, 96)])
def test_seeded_outputs(name: str, channels: int, size_px: int, refresh_golden: bool) -> None:
    torch.manual_seed(20)
    network = RadiographiesNet(NetworkConfig(in_channels=channels, input_size_px=size_px))
    inputs = torch.randn(8, channels, size_px, size_px)
    with torch.inference_mode():
        network.train()(inputs)  # gives BatchNorm statistics, so that the outputs are of ordinary size
        features = network.eval().extract_features(inputs)
        logits = network.classify_features(features)
    actual = {"features": features[:2, ::64, 1, 2].tolist(), "logits": logits.tolist()}
    golden = json.loads(OUTPUTS.read_text()) if OUTPUTS.is_file() else {}
    if refresh_golden:
        OUTPUTS.write_text(json.dumps(golden | {name: actual}, indent=1) + "\n")
        return
    for part, values in golden[name].items():
        torch.testing.assert_close(torch.tensor(actual[part]), torch.tensor(values), rtol=1e-3, atol=1e-4)
