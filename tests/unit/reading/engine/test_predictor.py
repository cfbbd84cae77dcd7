"""Readings: the checkpoint's own preprocessing, batches, devices and what happens when one fails."""

from pathlib import Path

import numpy as np
import pytest
import torch

from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.networks.operating_points import OperatingPoint, OperatingPoints
from fracture_core.networks.preprocessing import prepare
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine import predictor as predictor_module
from fracture_core.reading.engine.inference import choose_batch_size
from fracture_core.reading.engine.predictor import Predictor
from tests.tiny_world import make_checkpoint


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return make_checkpoint(tmp_path / "tiny")


def make_radiographs(count: int) -> list[Radiograph]:
    random = np.random.default_rng(5)
    return [Radiograph(random.uniform(0, 1, (40 + i, 60)).astype(np.float32), "PNG") for i in range(count)]


def test_reading_is_the_networks_softmax_at_the_operating_point(checkpoint: Checkpoint) -> None:
    radiographs = make_radiographs(3)
    readings = Predictor(checkpoint, "cpu").read_batch(radiographs)
    with torch.inference_mode():
        logits = checkpoint.load_network()(prepare(radiographs, checkpoint.manifest.preprocessing))
    expected = logits.softmax(dim=1)[:, 1].tolist()
    assert [reading.p_fracture for reading in readings] == pytest.approx(expected, abs=1e-5)
    for reading in readings:
        assert reading.label == ("fractured" if reading.p_fracture >= 0.4 else "not fractured")
        assert reading.is_fracture_suspected == (reading.label == "fractured")
        assert (reading.model, reading.model_sha256) == ("tiny", checkpoint.manifest.weights_sha256)
        assert reading.elapsed_ms > 0 and reading.device == "cpu"


def test_more_than_a_batch_keeps_the_order(checkpoint: Checkpoint) -> None:
    radiographs = make_radiographs(choose_batch_size("cpu") + 3)
    predictor = Predictor(checkpoint, "cpu")
    together = [reading.p_fracture for reading in predictor.read_batch(radiographs)]
    alone = [predictor.read(radiograph).p_fracture for radiograph in radiographs]
    assert together == pytest.approx(alone, abs=1e-5)
    assert predictor.read_batch([]) == []


def test_heatmap_has_the_radiographs_aspect(checkpoint: Checkpoint) -> None:
    tall = Radiograph(np.zeros((200, 100), np.float32), "PNG")
    heatmap = Predictor(checkpoint, "cpu").read(tall).heatmap
    assert heatmap.shape[0] == 2 * heatmap.shape[1]


@pytest.mark.parametrize("threshold, expected", [(0.0, 1), (1.0, 0)])
def test_a_positive_call_without_a_place_says_so(checkpoint: Checkpoint, threshold: float, expected: int) -> None:
    point = OperatingPoint(threshold=threshold)
    changes = {
        "operating_points": OperatingPoints(high_sensitivity=point, high_specificity=point),
        "heatmap_floor": 1e6,  # no map peaks so high
    }
    blank = Checkpoint("tiny", checkpoint.directory, checkpoint.manifest.model_copy(update=changes))
    reading = Predictor(blank, "cpu").read(make_radiographs(1)[0])
    assert reading.call == ("positive" if expected else "negative") and reading.heatmap.max() == 0
    assert sum("no place" in notice for notice in reading.notices) == expected


def test_gpu_that_fails_is_replaced_by_the_cpu_with_a_notice(
    checkpoint: Checkpoint, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictor = Predictor(checkpoint, "cpu")
    expected = predictor.read(make_radiographs(1)[0]).p_fracture
    real = predictor_module.compute_margins_and_maps
    calls: list[str] = []

    def fail_on_gpu(network, squares, preprocessing, **options):
        calls.append(predictor.device)
        if predictor.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(network, squares, preprocessing, **options)

    monkeypatch.setattr(predictor_module, "compute_margins_and_maps", fail_on_gpu)
    # "meta" stands for a GPU: tensors can be sent there, and this machine has one.
    monkeypatch.setattr(predictor, "_device", torch.device("meta"))
    reading = predictor.read(make_radiographs(1)[0])
    assert calls == ["meta", "cpu"]
    assert reading.p_fracture == pytest.approx(expected)
    assert reading.device == "cpu"
    assert "failed" in reading.notices[0] and "CPU is used" in reading.notices[0]


def test_error_on_the_cpu_is_not_hidden(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(predictor_module, "compute_margins_and_maps", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        Predictor(checkpoint, "cpu").read(make_radiographs(1)[0])
