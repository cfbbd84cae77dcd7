"""A model card's parts on the network and its training, from the manifest."""

import shlex
from typing import Any

from fracture_core.doors.documents.markdown import build_table, word_list
from fracture_core.doors.documents.shipped import Shipped
from fracture_core.networks import Manifest, build_network
from fracture_core.training import RECIPES, Recipe

_ARCHITECTURES = {
    "RadiographiesNet": "the paper's Fig. 2: Inception with dimension reduction (Szegedy et al. 2015, arXiv:1409.4842)",
    "EfficientNetLite0": "EfficientNet-Lite0 (Tan & Le 2019, arXiv:1905.11946)",
}
_OPTIONS = {
    "name": "--recipe",
    "epochs": "--epochs",
    "input_size_px": "--input-size",
    "batch_size": "--batch-size",
    "learning_rate": "--learning-rate",
}


def build_model(manifest: Manifest) -> list[str]:
    """Return what the network is, takes and gives."""
    network, preprocessing = manifest.network, manifest.preprocessing
    parameters = sum(parameter.numel() for parameter in build_network(network).parameters())
    side, stretch = preprocessing.input_size_px, preprocessing.stretch_percentiles
    contrast = f"percentiles {stretch[0]:g} and {stretch[1]:g} become black and white" if stretch else "left alone"
    rows = [
        ("Architecture", f"{network.architecture}: {_ARCHITECTURES[network.architecture]}"),
        ("Parameters", f"{parameters:,}"),
        (
            "Marks fractures in maps of its own",
            "yes" if network.marks else "no; the heatmap is its class activation map",
        ),
        ("Input", f"{preprocessing.channels} x {side} x {side}, a gray radiograph letterboxed into a square"),
        ("Contrast", contrast),
        ("Scaling", f"mean {preprocessing.mean:g}, standard deviation {preprocessing.std:g} of pixels in [0, 1]"),
        ("Output", "probability of a fracture, a call (positive, uncertain, negative), a heatmap"),
        ("Calibration", f"sigmoid({manifest.calibration.scale:.4f} x margin {manifest.calibration.offset:+.4f})"),
        ("Balanced operating point", f"p = {manifest.operating_point.threshold:.4f} ({manifest.operating_point.rule})"),
        *_list_call_points(manifest),
        ("Heatmap's full scale", f"{manifest.heatmap_full_scale:g} logits"),
        ("SHA-256 of the weights", f"`{manifest.weights_sha256}`"),
    ]
    return [build_table(("Property", "Value"), rows)]


def build_training(manifest: Manifest) -> list[str]:
    """Return the recipe, and what it ran with."""
    recipe = manifest.recipe
    rows = [
        ("Seed", manifest.seed),
        ("Software", f"fracture_core {manifest.code_version}, PyTorch {manifest.torch_version}"),
    ]
    rows += [(name.replace("_", " ").capitalize(), _word(value)) for name, value in recipe.items() if name != "summary"]
    finished = f"Finished {manifest.created_at}. The manifest does not record the machine."
    return [str(recipe.get("summary", "")), finished, build_table(("Setting", "Value"), rows), _word_drift(recipe)]


def build_reproduction(one: Shipped) -> str:
    """Return the commands that train such a checkpoint and measure this one."""
    manifest = one.checkpoint.manifest
    recipe = manifest.recipe
    words = ["python", "-m", "fracture_core", "train"]
    for record in manifest.data:
        words += ["--data", record.name]
    for name, option in _OPTIONS.items():
        if name in recipe:
            words += [option, str(recipe[name])]
    lines = [shlex.join([*words, "--seed", str(manifest.seed)])]
    for evaluation in one.evaluations:
        data = ["--data", evaluation.dataset, "--split", evaluation.split]
        published = ["--as-published"] if evaluation.as_published else []
        lines.append(shlex.join([*words[:3], "evaluate", "--checkpoint", one.name, *data, *published]))
    lines.append(shlex.join([*words[:3], "results"]))
    return "```sh\n" + "\n".join(lines) + "\n```"


def _word_drift(recipe: dict[str, Any]) -> str:
    """Return what has changed in the recipe of that name since, or an empty text."""
    name = str(recipe.get("name", ""))
    if name not in RECIPES:
        return f"There is no recipe '{name}' any more; the settings above are all of it." if name else ""
    today = RECIPES[name].model_dump(mode="json")
    then = {field: recipe.get(field, Recipe.model_fields[field].default) for field in today}
    changed = [field for field in today if field not in {*_OPTIONS, "summary"} and today[field] != then[field]]
    if not changed:
        return ""
    fields = word_list([field.replace("_", " ") for field in changed])
    return (
        f"Today's recipe '{name}' differs from the one above in: {fields}. "
        "The command below takes today's; for the same weights, take the code of that time."
    )


def _list_call_points(manifest: Manifest) -> list[tuple[str, str]]:
    points = manifest.operating_points
    if points is None:
        return [("Uncertain zone", "none")]
    return [
        (
            "Negative below (high sensitivity)",
            f"p = {points.high_sensitivity.threshold:.4f} ({points.high_sensitivity.rule})",
        ),
        (
            "Positive from (high specificity)",
            f"p = {points.high_specificity.threshold:.4f} ({points.high_specificity.rule})",
        ),
    ]


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_word(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_word, value))
    return "none" if value in (None, "") else str(value)
