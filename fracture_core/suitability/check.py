"""The gate: all checks of one picture, before its call is shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from fracture_core.radiograph import Radiograph
from fracture_core.registry import Checkpoint
from fracture_core.suitability.corrections import correct
from fracture_core.suitability.findings import Finding, Suitability
from fracture_core.suitability.header import check_modality, check_part
from fracture_core.suitability.likeness import check_likeness
from fracture_core.suitability.picture import check_colour, check_exposure, check_field, check_size, shrink
from fracture_core.suitability.references import References, read_references

ReadFeatures = Callable[[Radiograph], np.ndarray | None]
_GRAVITY = {"refused": 0, "look": 1, "ok": 2}
_NOT_COMPARED = Finding(
    "not compared",
    "look",
    "This model brings no record of what its training radiographs look like: only the header and the picture were checked.",
    "Make sure yourself that it is a radiograph of a limb.",
)


@dataclass(frozen=True)
class Gate:
    """The checks for one checkpoint; safe to share between threads.

    Attributes:
        input_size_px: what the model takes.
        references: None where the checkpoint has none; then header and picture alone are checked.
    """

    input_size_px: int
    references: References | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "Gate":
        """Return a checkpoint's gate.

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
            read_features: reads a picture again; asked only where one that looks inverted would be refused, to
                see whether the right way round it is a limb radiograph.
        """
        findings = list(self.check_before(radiograph).findings)
        if self.references is None or features is None:
            return _order([*findings, _NOT_COMPARED], is_compared=False)
        found = check_likeness(self.references, features)
        if read_features and _may_be_inverted(found):
            found = self._look_again(radiograph, found, read_features)
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
        self, radiograph: Radiograph, found: tuple[Finding, ...], read_features: ReadFeatures
    ) -> tuple[Finding, ...]:
        """Take back "not a limb radiograph" where the inverted picture is one."""
        features = read_features(correct(radiograph, "invert"))
        if features is None or any(finding.kind in _AGAINST for finding in check_likeness(self.references, features)):
            return found
        return tuple(
            replace(finding, kind="kind of picture", severity="ok", words="Inverted, the picture looks like a radiograph of a limb.", advice="")
            if finding.kind == "not a limb radiograph"
            else finding
            for finding in found
        )  # fmt: skip


_AGAINST = ("not a limb radiograph", "inverted")


def _may_be_inverted(found: tuple[Finding, ...]) -> bool:
    return {"not a limb radiograph", "inverted"} <= {finding.kind for finding in found}


def _order(findings: list[Finding], *, is_compared: bool) -> Suitability:
    return Suitability(tuple(sorted(findings, key=lambda each: _GRAVITY[each.severity])), is_compared)
