"""README.txt of an exported view: which model, which operating points, which images."""

from fracture_core.evaluation import Evaluation
from fracture_core.failures.filters import FailureFilters
from fracture_core.networks import Checkpoint

SUPPORTS = (
    "The model supports a qualified reader. Its output is not a finding, and every image has to be read by a person."
)


def write_readme(
    evaluation: Evaluation, checkpoint: Checkpoint, filters: FailureFilters, *, images: int, heatmaps: int, missing: int
) -> str:
    """Return the text; the last three are how many pictures there are, and how many files have none."""
    manifest = checkpoint.manifest
    points = manifest.call_points
    chosen = filters.to_params()
    lines = [
        "Images of a filtered view, with what the model made of them and what people said of them.",
        "",
        SUPPORTS,
        "",
        f"Model: {checkpoint.name}",
        f"SHA-256 of its weights: {manifest.weights_sha256}",
        f"Data set: {evaluation.dataset}, side: {evaluation.split}",
        *([f"Every figure carries this mark: {evaluation.mark}"] if evaluation.mark else []),
        "Operating points (probability of a fracture):",
        f"  high sensitivity {points.high_sensitivity.threshold:.4f}: below it a radiograph is called negative",
        f"  balanced {evaluation.threshold:.4f}: from it on it counts as fractured",
        f"  high specificity {points.high_specificity.threshold:.4f}: from it on it is called positive",
        "Filters: " + ("; ".join(f"{key}: {value}" for key, value in chosen.items()) or "none but the usual ones"),
        "",
        f"failures.csv: one row a file, times in UTC; {images:,} images, {heatmaps:,} heatmaps.",
        "images: PNG of 8 bits in full size, made anew from the pixels, without any header of the file.",
        "heatmaps: the same with the model's evidence for a fracture laid over it.",
    ]
    if missing:
        lines.append(f"{missing:,} files have no image; failures.csv gives the reason.")
    return "\n".join(lines) + "\n"
