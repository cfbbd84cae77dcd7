"""What an evaluation consists of: the records of ``evaluation.json``.

Fields that came later have defaults, so that an older file still reads.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fracture_core.evaluation.metrics import Metric
from fracture_core.store import Call

AS_PUBLISHED = "AS PUBLISHED"
LEARNED_BEFORE = "LEARNED FROM BEFORE"  # by the first weights, or by the teacher
SubgroupKind = Literal["region", "view", "hardware", "data set"]


class Record(BaseModel):
    """What all records share."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Prediction(Record):
    """One radiograph of an evaluation; ``name`` is relative to the data set's root.

    Attributes:
        peak_x, peak_y: where the heatmap is strongest, as shares of width and height.
        peak_in_box: whether that is inside a marked fracture; None where none is marked.
        width_px, height_px: of the file.
    """

    name: str
    label: int = Field(ge=0, le=1)
    p_fracture: float = Field(ge=0, le=1)
    correct: bool  # by the balanced operating point
    call: Call | None = None
    group: str
    radiograph: str
    region: str | None = None
    views: tuple[str, ...] = ()
    hardware: bool | None = None
    peak_x: float | None = Field(None, ge=0, le=1)
    peak_y: float | None = Field(None, ge=0, le=1)
    peak_in_box: bool | None = None
    width_px: int | None = Field(None, ge=1)
    height_px: int | None = Field(None, ge=1)

    @property
    def kind(self) -> str:
        """Return "correct", "missed fracture" or "false alarm"."""
        if self.correct:
            return "correct"
        return "missed fracture" if self.label == 1 else "false alarm"


class Figures(Record):
    """Metrics of some radiographs at the balanced operating point; a metric without a base has no value."""

    n: int
    n_groups: int
    n_fractured: int
    metrics: dict[str, Metric]


class Subgroup(Figures):
    """The figures of one region, view, data set, or of radiographs with or without hardware."""

    kind: SubgroupKind
    name: str


class PointFigures(Record):
    """Accuracy, sensitivity, specificity, ppv and npv at one operating point."""

    threshold: float
    rule: str
    metrics: dict[str, Metric]


class CallFigures(Record):
    """How the three-way calls fell.

    Attributes:
        fractured, not_fractured: number of radiographs by call.
        uncertain: share of all that was called uncertain.
        accuracy_of_certain: share called rightly among the others.
    """

    fractured: dict[Call, int]
    not_fractured: dict[Call, int]
    uncertain: Metric
    accuracy_of_certain: Metric


class ReliabilityBin(Record):
    """One bin of the reliability curve: mean probability, and the share that is fractured."""

    mean_p: float
    fractured: Metric


class CalibrationFigures(Record):
    """How far the probabilities can be taken at their word; ``temperature`` is the checkpoint's."""

    ece: Metric
    brier: Metric
    log_loss: Metric
    temperature: float
    bins: tuple[ReliabilityBin, ...]


class DecisionPoint(Record):
    """Net benefit per radiograph at one threshold; calling none has 0 (Vickers & Elkin 2006)."""

    threshold: float
    model: float
    treat_all: float
    treat_none: float = 0.0


class Localisation(Record):
    """How well heatmaps find the marks of the fractured radiographs that have some.

    Attributes:
        n, n_groups: radiographs and their independent groups.
        tolerance: how far beside a mark still counts in "... tolerant", as a share of the longer side.
        iou_level: share of full scale from which the heatmap counts as marked.
        figures: by the names of ``localisation.measure_picture``.
        by_region: the same, by body region.
        by_call: the same for the fractures that were "called" and the "missed" ones.
    """

    n: int
    n_groups: int
    tolerance: float
    iou_level: float
    figures: dict[str, Metric]
    by_region: dict[str, dict[str, Metric]] = {}
    by_call: dict[str, dict[str, Metric]] = {}


class Leaks(Record):
    """Evaluated radiographs with a copy, or a view of their exam, on the training side.

    Attributes:
        radiographs: how many radiographs leak (copies counted once).
        files: how many files they are.
        first: names of the first few.
    """

    radiographs: int
    files: int
    first: tuple[str, ...]


class Evaluation(Record):
    """What one checkpoint did on one side of one data set's split.

    Attributes:
        threshold: the balanced operating point, where ``metrics`` are taken.
        per_radiograph: the same with the copies of a radiograph averaged to one
            probability; None where there are no copies.
        as_published: the side is the one published, which may leak.
        leaks: what leaks; None where nothing does. Of a side that was not asked for as
            published, it is what the first weights or the teacher had learned from.
    """

    checkpoint: str
    weights_sha256: str
    dataset: str
    fingerprint: str
    split: str
    as_published: bool = False
    leaks: Leaks | None = None
    threshold: float
    n: int
    n_groups: int
    n_fractured: int
    metrics: dict[str, Metric]
    per_radiograph: Figures | None = None
    operating_points: dict[str, PointFigures] = {}
    calls: CallFigures | None = None
    subgroups: tuple[Subgroup, ...] = ()
    calibration: CalibrationFigures | None = None
    decision_curve: tuple[DecisionPoint, ...] = ()
    localisation: Localisation | None = None
    predictions: tuple[Prediction, ...]

    @property
    def short_mark(self) -> str:
        """Return what every figure of a leaky side has to carry, in two words, or an empty text."""
        if self.as_published:
            return AS_PUBLISHED
        return LEARNED_BEFORE if self.leaks else ""

    @property
    def mark(self) -> str:
        """Return the mark with what leaks, or an empty text."""
        if self.leaks is None:
            return f"{AS_PUBLISHED}: no leak found" if self.as_published else ""
        files = f"{self.leaks.files:,} of {self.n:,} files"
        return f"{self.short_mark}: leaks {self.leaks.radiographs:,} radiographs ({files})"


class EvaluationFile(Record):
    """``evaluation.json``: every evaluation of one checkpoint."""

    format_version: int = Field(1, ge=1, le=1)
    evaluations: tuple[Evaluation, ...]
