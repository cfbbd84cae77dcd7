"""Checkpoints: written whole, verified when loaded, never overwritten."""

import json
from pathlib import Path

import pytest
import torch

from fracture_core.base.errors import (
    CheckpointDamagedError,
    CheckpointError,
    CheckpointExistsError,
    CheckpointNotFoundError,
)
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import (
    check_name_is_free,
    find_checkpoint,
    install_checkpoint,
    list_checkpoints,
    read_checkpoint,
    round_network_weights,
    save_checkpoint,
)
from fracture_core.networks.inception import NetworkConfig, RadiographiesNet
from fracture_core.networks.preprocessing import Preprocessing
from tests.tiny_world import make_checkpoint


def test_weights_come_back_as_they_were(tmp_path: Path) -> None:
    checkpoint = make_checkpoint(tmp_path / "one", seed=7)
    network = checkpoint.load_network()
    assert not network.training
    again = save_checkpoint(tmp_path / "two", network, {"preprocessing": checkpoint.manifest.preprocessing})
    assert again.manifest.weights_sha256 == checkpoint.manifest.weights_sha256
    x = torch.randn(2, 1, 32, 32)
    assert torch.equal(network(x), again.load_network()(x))


def test_manifest_is_readable_json_with_the_hash_of_the_weights(tmp_path: Path) -> None:
    import hashlib

    checkpoint = make_checkpoint(tmp_path / "one")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    weights = (tmp_path / "one" / "model.safetensors").read_bytes()
    assert manifest["weights_sha256"] == hashlib.sha256(weights).hexdigest() == checkpoint.manifest.weights_sha256
    assert manifest["preprocessing"]["input_size_px"] == manifest["network"]["input_size_px"] == 32


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    checkpoint = make_checkpoint(tmp_path / "one")
    path = tmp_path / "one" / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointDamagedError, match="SHA-256"):
        checkpoint.load_network()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    make_checkpoint(tmp_path / "one")
    manifest_path = tmp_path / "one" / "manifest.json"
    manifest = json.loads(manifest_path.read_text())
    manifest["network"]["in_channels"] = 3
    manifest_path.write_text(json.dumps(manifest))
    with pytest.raises(CheckpointDamagedError, match="do not fit"):
        read_checkpoint(tmp_path / "one").load_network()


def test_missing_weights_are_told(tmp_path: Path) -> None:
    checkpoint = make_checkpoint(tmp_path / "one")
    (tmp_path / "one" / "model.safetensors").unlink()
    with pytest.raises(CheckpointDamagedError, match=r"model\.safetensors"):
        checkpoint.load_network()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format_version": 2}'])
def test_damaged_manifest_is_told_and_not_listed(text: str, own_settings: Settings) -> None:
    directory = own_settings.checkpoints_dir
    make_checkpoint(directory / "good")
    make_checkpoint(directory / "bad")
    (directory / "bad" / "manifest.json").write_text(text)
    with pytest.raises(CheckpointDamagedError, match="bad"):
        read_checkpoint(directory / "bad")
    assert [checkpoint.name for checkpoint in list_checkpoints()] == ["good"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    before = make_checkpoint(tmp_path / "one").manifest.weights_sha256
    with pytest.raises(CheckpointExistsError, match="one"):
        make_checkpoint(tmp_path / "one", seed=1)
    assert read_checkpoint(tmp_path / "one").manifest.weights_sha256 == before


def test_failed_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, value: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("fracture_core.networks.checkpoints.write_json", fail)
    with pytest.raises(OSError, match="disk full"):
        make_checkpoint(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", ".hidden", "a/b", "", "x" * 81, "white space"])
def test_names_that_cannot_be_folders_are_refused(name: str, own_settings: Settings) -> None:
    with pytest.raises(CheckpointError):
        check_name_is_free(name)


def test_default_comes_first_and_runs_are_listed(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "alpha")
    make_checkpoint(own_settings.checkpoints_dir / "default")
    make_checkpoint(own_settings.state_dir / "runs" / "run-1" / "checkpoint")
    assert [checkpoint.name for checkpoint in list_checkpoints()] == ["default", "alpha", "run-1"]
    assert find_checkpoint().name == "default"
    assert find_checkpoint("run-1").load_network() is not None


def test_unknown_name_says_which_exist(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "alpha")
    with pytest.raises(CheckpointNotFoundError, match="known: alpha"):
        find_checkpoint("beta")


def test_install_copies_whole(own_settings: Settings) -> None:
    made = make_checkpoint(own_settings.state_dir / "runs" / "run-1" / "checkpoint")
    installed = install_checkpoint(made, "mine")
    assert installed.directory == own_settings.checkpoints_dir / "mine"
    assert installed.manifest == made.manifest
    with pytest.raises(CheckpointExistsError):
        install_checkpoint(made, "mine")


def test_install_refuses_damaged_weights_and_leaves_nothing(own_settings: Settings) -> None:
    made = make_checkpoint(own_settings.state_dir / "runs" / "run-1" / "checkpoint")
    (made.directory / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(CheckpointDamagedError):
        install_checkpoint(made, "mine")
    assert list(own_settings.checkpoints_dir.iterdir()) == []


def test_default_is_another_word_for_the_served_one(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "served")
    served = own_settings.model_copy(update={"default_checkpoint": "served"})
    assert find_checkpoint("default", served).name == find_checkpoint(None, served).name == "served"


def test_rounded_weights_take_half_the_room_and_come_back_exactly(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = RadiographiesNet(NetworkConfig(in_channels=1, input_size_px=64))
    whole = save_checkpoint(tmp_path / "whole", network, {"preprocessing": Preprocessing()})
    round_network_weights(network)
    rounded = save_checkpoint(tmp_path / "rounded", network, {"preprocessing": Preprocessing()})
    sizes = [(checkpoint.directory / "model.safetensors").stat().st_size for checkpoint in (whole, rounded)]
    assert sizes[1] < 0.55 * sizes[0]
    for name, tensor in rounded.load_network().state_dict().items():
        assert torch.equal(tensor, network.state_dict()[name]) and tensor.dtype == network.state_dict()[name].dtype
