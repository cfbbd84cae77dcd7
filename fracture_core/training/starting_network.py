"""The network a training starts from."""

from fracture_core.base import TrainingError
from fracture_core.networks import (
    EfficientNetLite0,
    FractureNetwork,
    NetworkConfig,
    build_network,
    find_checkpoint,
    load_pretrained_weights,
)
from fracture_core.training.recipes import Recipe


def build_starting_network(recipe: Recipe) -> FractureNetwork:
    """Return a network with the recipe's initial weights, its frozen stages set aside.

    Raises:
        CheckpointError: the initial weights are not there.
        TrainingError: they are of another architecture.
    """
    network = build_network(
        NetworkConfig(
            architecture=recipe.architecture,
            in_channels=recipe.in_channels,
            dropout=recipe.dropout,
            input_size_px=recipe.input_size_px,
            marks=recipe.marks,
        )
    )
    if recipe.initial == "imagenet":
        _load_imagenet(network, recipe)
    elif recipe.initial != "random":
        _load_checkpoint(network, recipe.initial)
    if recipe.frozen_stages and isinstance(network, EfficientNetLite0):
        for layer in network.list_early_layers(recipe.frozen_stages):
            layer.requires_grad_(False)
    return network


def _load_imagenet(network: FractureNetwork, recipe: Recipe) -> None:
    if not isinstance(network, EfficientNetLite0):
        raise TrainingError(f"There are no ImageNet weights for {recipe.architecture}.", 'Use initial "random".')
    load_pretrained_weights(network)


def _load_checkpoint(network: FractureNetwork, name: str) -> None:
    source = find_checkpoint(name).load_network()
    if type(source) is not type(network):
        raise TrainingError(
            f"'{name}' is a {source.config.architecture}, the training is of a {network.config.architecture}.",
            "Start from a checkpoint of the same architecture.",
        )
    weights = source.state_dict()
    missing, _ = network.load_state_dict(weights, strict=False)
    if unfit := [layer for layer in missing if not layer.startswith("marker.")]:
        raise TrainingError(f"'{name}' lacks weights of {unfit[0]}.", "Start from another checkpoint.")
