"""Recipes: everything that decides a training but the data and the seed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fracture_core.base import TrainingError
from fracture_core.networks import Architecture
from fracture_core.training.augmentation import Augmentation
from fracture_core.training.runs.run import TrainingRequest

_CELL_PX = 32  # of the input, a cell of the networks' maps


class Recipe(BaseModel):
    """One named way to train.

    Attributes:
        architecture, input_size_px, in_channels, dropout, marks: of the network.
        initial: "random" weights, "imagenet" (EfficientNetLite0 only), or the
            name of a checkpoint of the same architecture.
        frozen_stages: of a pretrained network, first stages that are not trained.
        teacher: name of the checkpoint whose maps and calls the network learns
            next to the labels; "" for none (Hinton et al. 2015).
        call_weight, feature_weight: of the teacher's call and of its last feature maps.
        stretch_percentiles: see ``Preprocessing``.
        learning_rate: peak, for Adam.
        weight_decay: decoupled (AdamW); 0 is plain Adam.
        schedule: "constant" or "cosine" (one epoch of warm-up, then to zero).
        balanced: draw both classes equally often in an epoch.
        mirror_copies: every radiograph and its mirror image are in each epoch, in
            validation too, as in the paper's Table 2.
        copies_per_epoch: most files drawn an epoch of the copies of one
            radiograph; 0 uses all.
        label_smoothing: of the cross-entropy.
        averaging_decay: of the exponential moving average of the weights that is
            validated and kept; 0 keeps the last weights.
        reading_size_px: input size in reading, where it is not that of training; 0
            for the same. Augmentation crops and enlarges, so that a network is at its
            best a little above the size it was trained at (Touvron et al. 2019).
        mirrored_reading: a reading is the mean of the radiograph's and its mirror image's.
        weight_bits: 16 saves a checkpoint of half the size.
        map_weight: of the loss that teaches marks inside fracture boxes; 0 does
            not use boxes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    summary: str
    input_size_px: int = Field(224, ge=32, le=1024)
    architecture: Architecture = "RadiographiesNet"
    marks: bool = False
    initial: str = "random"
    frozen_stages: int = Field(0, ge=0, le=6)
    teacher: str = ""
    call_weight: float = Field(0.0, ge=0, le=10)
    feature_weight: float = Field(0.0, ge=0, le=10)
    in_channels: int = Field(1, ge=1, le=3)
    dropout: float = Field(0.2, ge=0, lt=1)
    stretch_percentiles: tuple[float, float] | None = None
    epochs: int = Field(30, ge=1, le=1000)
    batch_size: int = Field(32, ge=2, le=1024)
    learning_rate: float = Field(0.001, gt=0, le=1)
    weight_decay: float = Field(0.0, ge=0, le=1)
    schedule: str = Field("constant", pattern="^(constant|cosine)$")
    balanced: bool = False
    mirror_copies: bool = False
    copies_per_epoch: int = Field(0, ge=0)
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    averaging_decay: float = Field(0.0, ge=0, lt=1)
    reading_size_px: int = Field(0, ge=0, le=1024)
    mirrored_reading: bool = False
    weight_bits: Literal[16, 32] = 32
    map_weight: float = Field(0.0, ge=0, le=10)
    augmentation: Augmentation = Augmentation()


STRONG_AUGMENTATION = Augmentation(
    horizontal_flip=0.5, vertical_flip=0.25, rotation_deg=30, scale=0.3, shift=0.08, contrast=0.35, noise=0.03
)
AUGMENTATIONS = {
    "none": Augmentation(),
    "flips": Augmentation(horizontal_flip=0.5),
    "strong": STRONG_AUGMENTATION,
}

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="paper",
            summary="The paper's: 3 x 224 x 224, each radiograph and its mirror image, Adam at 0.001, 30 epochs.",
            in_channels=3,
            mirror_copies=True,
        ),
        Recipe(
            name="default",
            summary="Fig. 2 at 256 px with marks in boxes, taught by EfficientNet-Lite0; augmented and averaged.",
            input_size_px=256,
            teacher="efficientnet-lite0",
            call_weight=1.0,
            feature_weight=0.5,
            reading_size_px=352,
            mirrored_reading=True,
            stretch_percentiles=(0.5, 99.5),
            epochs=20,
            weight_decay=0.01,
            schedule="cosine",
            balanced=True,
            copies_per_epoch=2,
            label_smoothing=0.05,
            averaging_decay=0.99,
            marks=True,
            map_weight=1.0,
            augmentation=STRONG_AUGMENTATION,
        ),
        Recipe(
            name="pretrained",
            summary="EfficientNet-Lite0 from ImageNet weights, fine-tuned at 320 px; marks fractures in boxes.",
            architecture="EfficientNetLite0",
            marks=True,
            initial="imagenet",
            weight_bits=16,
            reading_size_px=448,
            mirrored_reading=True,
            frozen_stages=2,
            input_size_px=320,
            stretch_percentiles=(0.5, 99.5),
            epochs=12,
            dropout=0.3,
            learning_rate=0.0007,
            weight_decay=0.02,
            schedule="cosine",
            balanced=True,
            copies_per_epoch=4,
            label_smoothing=0.05,
            averaging_decay=0.99,
            map_weight=1.0,
            augmentation=STRONG_AUGMENTATION,
        ),
        Recipe(
            name="quick",
            summary="A small picture and few steps: to see the app work on the drawn phantoms in a minute or two.",
            input_size_px=128,
            epochs=30,
            batch_size=16,
            schedule="cosine",
            balanced=True,
            averaging_decay=0.9,
            marks=True,
            map_weight=1.0,
            augmentation=Augmentation(horizontal_flip=0.5, vertical_flip=0.5, rotation_deg=15, scale=0.1, contrast=0.2),
        ),
    )
}


def find_recipe(name: str) -> Recipe:
    """Return the recipe called ``name``.

    Raises:
        TrainingError: no such recipe; says which exist.
    """
    if name not in RECIPES:
        raise TrainingError(f"There is no recipe called '{name}'.", f"Choose one of: {', '.join(RECIPES)}.")
    return RECIPES[name]


def resolve_recipe(request: TrainingRequest) -> Recipe:
    """Return the recipe with the request's own values in the place of its defaults.

    Raises:
        TrainingError: no such recipe.
    """
    own = {"epochs", "learning_rate", "batch_size", "input_size_px", "initial", "teacher"}
    changes = {key: value for key, value in request.model_dump(include=own).items() if value is not None}
    if request.augmentation is not None:
        changes["augmentation"] = AUGMENTATIONS[request.augmentation]
    recipe = find_recipe(request.recipe)
    if recipe.reading_size_px and request.input_size_px is not None:
        changes["reading_size_px"] = _scale_reading_size(recipe, request.input_size_px)
    return Recipe.model_validate(recipe.model_dump() | changes)


def _scale_reading_size(recipe: Recipe, input_size_px: int) -> int:
    """Return the reading size that has the recipe's proportion to another training size: whole cells of the map."""
    scaled = recipe.reading_size_px * input_size_px // recipe.input_size_px
    return min(max(scaled // _CELL_PX * _CELL_PX, input_size_px), 1024)
