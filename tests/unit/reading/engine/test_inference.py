"""The class activation map is exact: its mean is the margin."""

import numpy as np
import pytest
import torch

from fracture_core.base.errors import NumericsError
from fracture_core.networks.inception import NetworkConfig, RadiographiesNet
from fracture_core.networks.manifest import Calibration
from fracture_core.networks.preprocessing import Preprocessing, normalize_squares
from fracture_core.reading.engine.inference import calibrate, compute_all_margins_and_maps, compute_margins_and_maps


@pytest.fixture
def network() -> RadiographiesNet:
    torch.manual_seed(0)
    return RadiographiesNet(NetworkConfig(in_channels=1, input_size_px=64)).eval()


def test_margin_is_the_mean_of_the_map_and_the_networks_own(network: RadiographiesNet) -> None:
    squares = torch.randint(0, 256, (3, 64, 64), dtype=torch.uint8)
    preprocessing = Preprocessing(input_size_px=64, mean=0.4, std=0.2)
    margins, maps = compute_margins_and_maps(network, squares, preprocessing)
    assert maps.shape == (3, 4, 4)
    np.testing.assert_allclose(maps.mean(axis=(1, 2)), margins, rtol=1e-4, atol=1e-6)
    with torch.inference_mode():
        logits = network(normalize_squares(squares, preprocessing))
    np.testing.assert_allclose(margins, (logits[:, 1] - logits[:, 0]).numpy(), rtol=1e-4, atol=1e-6)


def test_batches_do_not_change_margins(network: RadiographiesNet) -> None:
    squares = np.random.default_rng(0).integers(0, 256, (7, 64, 64), dtype=np.uint8)
    seen: list[tuple[int, int]] = []
    one, maps = compute_all_margins_and_maps(network, squares, Preprocessing(input_size_px=64), batch_size=7)
    three, _ = compute_all_margins_and_maps(
        network,
        squares,
        Preprocessing(input_size_px=64),
        batch_size=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    np.testing.assert_allclose(one, three, rtol=1e-4, atol=1e-6)
    assert (maps.max(axis=(1, 2)) >= one).all()  # the margin is the mean of the map
    assert seen == [(3, 7), (6, 7), (7, 7)]


def test_output_that_is_not_finite_is_told(network: RadiographiesNet) -> None:
    network.classifier.bias.data[0] = float("nan")
    with pytest.raises(NumericsError, match="not finite"):
        compute_all_margins_and_maps(network, np.zeros((1, 64, 64), np.uint8), Preprocessing(input_size_px=64))


def test_calibration_is_a_logistic_function() -> None:
    p = calibrate(np.array([-1e9, 0.0, 1.0, 1e9]), Calibration(scale=2.0, offset=-1.0))
    np.testing.assert_allclose(p[1:3], [1 / (1 + np.e), 1 / (1 + np.exp(-1))])
    assert 0 <= p[0] < 1e-20 and p[3] == pytest.approx(1.0)


def test_mirrored_reading_is_that_of_the_mirror_image_too(network: RadiographiesNet) -> None:
    squares = torch.randint(0, 255, (2, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    preprocessing = Preprocessing(input_size_px=64)
    margins, maps = compute_margins_and_maps(network, squares, preprocessing, mirrored=True)
    plain, _ = compute_margins_and_maps(network, squares, preprocessing)
    again, flipped = compute_margins_and_maps(network, squares.flip(2), preprocessing, mirrored=True)
    assert np.abs(margins - plain).max() > 1e-6
    np.testing.assert_allclose(again, margins, atol=1e-5)
    np.testing.assert_allclose(flipped, maps[:, :, ::-1], atol=1e-4)
