"""The suitability check: all checks of one picture, before its call is shown."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fracture_core.networks import Checkpoint
from fracture_core.radiographs import Radiograph
from fracture_core.reading.suitability.corrections import correct_radiograph
from fracture_core.reading.suitability.findings import Finding, Suitability
from fracture_core.reading.suitability.header import check_modality, check_part
from fracture_core.reading.suitability.likeness import check_likeness
from fracture_core.reading.suitability.picture import check_colour, check_exposure, check_field, check_size, shrink
from fracture_core.reading.suitability.references import References, read_references

ReadFeatures = Callable[[Radiograph], np.ndarray | None]
_GRAVITY = {"refused": 0, "look": 1, "ok": 2}
_NOT_COMPARED = Finding(
    "not compared",
    "look",
    "This model brings no record of its training radiographs: only the header and the picture were checked.",
    "Make sure yourself that it is a radiograph of a limb.",
)


@dataclass(frozen=True)
class SuitabilityCheck:
    """The checks for one checkpoint; safe to share between threads.

    Attributes:
        input_size_px: what the model takes.
        references: None where the checkpoint has none; then header and picture alone are checked.
    """

    input_size_px: int
    references: References | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "SuitabilityCheck":
        """Return a checkpoint's suitability check.

        Raises:
            CheckpointDamagedError: its references cannot be read.
        """
        return cls(checkpoint.manifest.preprocessing.input_size_px, read_references(checkpoint))

    def check(
        self, radiograph: Radiograph, features: np.ndarray | None = None, *, read_features: ReadFeatures | None = None
    ) -> Suitability:
        """Return what is found, the gravest first.

        Args:
            radiograph: as it was read.
            features: of its reading (``Reading.features``), from the forward pass that was made anyway.
            read_features: reads a picture again; asked only where one looks inverted, to see which way round it
                is more like a radiograph.
        """
        findings = list(self.check_before(radiograph).findings)
        if self.references is None or features is None:
            return _order([*findings, _NOT_COMPARED], is_compared=False)
        found = check_likeness(self.references, features)
        if radiograph.source_type == "DICOM":  # the header states the sense, and intake goes by it
            found = tuple(_STATED if finding.kind == "inverted" else finding for finding in found)
        if read_features and any(finding.kind == "inverted" for finding in found):
            found = _look_again(self.references, radiograph, features, found, read_features)
        if any(finding.severity == "refused" for finding in [*findings, *found]):
            found = tuple(
                finding for finding in found if finding.kind != "unlike training"
            )  # says less than the refusal
        return _order([*findings, *found], is_compared=True)

    def check_before(self, radiograph: Radiograph) -> Suitability:
        """Return what the header and the picture say; needs no reading."""
        small = shrink(radiograph)
        return _order(
            [
                check_modality(radiograph),
                check_part(radiograph),
                check_colour(radiograph),
                check_size(radiograph, self.input_size_px),
                check_exposure(small),
                check_field(small),
            ],
            is_compared=False,
        )


def _look_again(
    references: References,
    radiograph: Radiograph,
    features: np.ndarray,
    found: tuple[Finding, ...],
    read_features: ReadFeatures,
) -> tuple[Finding, ...]:
    """Read what looks inverted the other way round; the way that is more like the training is the right one."""
    again = read_features(correct_radiograph(radiograph, "invert"))
    if again is None:
        return found
    as_it_is, inverted = references.measure_distances(np.stack([features, again]))
    if inverted >= as_it_is:
        return tuple(_UPRIGHT if finding.kind == "inverted" else finding for finding in found)
    kinds = {finding.kind for finding in check_likeness(references, again)}
    if kinds & {"inverted", "not a limb radiograph"}:
        return found
    return tuple(_RIGHTED if finding.kind == "not a limb radiograph" else finding for finding in found)


_STATED = Finding("sense", "ok", "The header states which way round black and white are.")
_UPRIGHT = Finding("sense", "ok", "Inverted, the picture would be less like a radiograph.")
_RIGHTED = Finding("kind of picture", "ok", "Inverted, the picture looks like a radiograph of a limb.")


def _order(findings: list[Finding], *, is_compared: bool) -> Suitability:
    return Suitability(tuple(sorted(findings, key=lambda each: _GRAVITY[each.severity])), is_compared)
