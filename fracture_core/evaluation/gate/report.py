"""What the gate finds: the records of a report."""

from typing import Literal

from pydantic import AwareDatetime, Field

from fracture_core.datasets import LABELS
from fracture_core.evaluation.comparison import Comparison
from fracture_core.evaluation.metrics import Metric
from fracture_core.evaluation.records import Record

GATE_VERSION = 1  # raise it when a verdict is reached in another way, so that kept reports are made anew
VerdictLevel = Literal["better", "not worse", "worse", "leaks", "unproven"]
NEEDS_FORCE: frozenset[str] = frozenset({"worse", "leaks", "unproven"})


class GateVerdict(Record):
    """Whether the candidate may take the champion's place, and why, in sentences for a clinician."""

    level: VerdictLevel
    sentences: tuple[str, ...]

    @property
    def needs_force(self) -> bool:
        return self.level in NEEDS_FORCE


class Part(Record):
    """One region, view or kind of radiographs, as both models read it at their balanced operating points."""

    kind: str
    name: str
    n: int
    n_groups: int
    n_fractured: int
    champion: dict[str, Metric]
    candidate: dict[str, Metric]


class Disputed(Record):
    """A radiograph that one of the two called rightly and the other wrongly.

    Attributes:
        name: relative to the data set's root.
        label: index into ``LABELS``.
    """

    name: str
    label: int = Field(ge=0, le=1)
    region: str | None = None
    p_champion: float
    p_candidate: float
    candidate_is_right: bool

    @property
    def text(self) -> str:
        return LABELS[self.label]


class GateSide(Record):
    """Both models on the same radiographs of one data set.

    Attributes:
        comparison: the champion is the first, the candidate the second.
        sensitivity_difference, specificity_difference: candidate minus champion at
            their balanced points, with intervals by bootstrap over groups.
        n_fractured_groups, n_other_groups: independent groups that hold each class.
        note: what a person must know of this side; may be empty.
    """

    dataset: str
    fingerprint: str
    comparison: Comparison
    champion: dict[str, Metric]
    candidate: dict[str, Metric]
    champion_threshold: float
    candidate_threshold: float
    sensitivity_difference: Metric
    specificity_difference: Metric
    n_fractured_groups: int
    n_other_groups: int
    parts: tuple[Part, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    note: str = ""


class GateLeak(Record):
    """A radiograph of a test set that a model learned from; both files show one radiograph or one exam."""

    dataset: str
    name: str
    learned_dataset: str
    learned_name: str


class LeakCheck(Record):
    """Which radiographs of the frozen test set the candidate learned from.

    Attributes:
        n_checked: radiographs of the frozen test set that were looked for.
        n_learned: files that the candidate learned from, those of its forebears included.
        unchecked: why some could not be checked; empty where all were.
    """

    n_checked: int = 0
    n_learned: int = 0
    leaks: tuple[GateLeak, ...] = ()
    unchecked: tuple[str, ...] = ()


class GateReport(Record):
    """How a candidate stands beside the model in use, the champion.

    Attributes:
        champion_sha256: empty where the model in use is not on this machine.
        frozen: on the test radiographs that the champion was measured on, a data set each.
        own: on the candidate's own test radiographs, where these are others.
        remarks: what a person should know besides; the verdict does not hang on it.
        left_out: data sets of the frozen test set that could not be measured, and why.
    """

    version: int = GATE_VERSION
    candidate: str
    candidate_sha256: str
    champion: str
    champion_sha256: str
    made_at: AwareDatetime
    verdict: GateVerdict
    frozen: tuple[GateSide, ...] = ()
    own: tuple[GateSide, ...] = ()
    left_out: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    leak_check: LeakCheck = LeakCheck()
    remarks: tuple[str, ...] = ()
