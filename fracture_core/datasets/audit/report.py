"""What an audit says, machine readable; ``format_version`` rises when a field changes its meaning."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

AuditSeverity = Literal["info", "warning", "problem"]
FORMAT_VERSION = 1
AUDIT_VERSION = 1  # raise it when a check changes, so that kept reports are made anew


def word_count(count: int, noun: str) -> str:
    """Return such as ``1 file`` or ``1,024 files``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AuditFinding(_Record):
    """One thing found.

    Attributes:
        check: short name of what was looked for, the same in every report.
        severity: "problem" makes figures or labels wrong, "warning" asks for care, "info" is good to know.
        count: of what the text names.
        text: what it means.
        remedy: what to do; empty where there is nothing to do.
        names: files (or rows) concerned, sorted, all of them.
    """

    check: str
    severity: AuditSeverity
    count: int = Field(ge=0)
    text: str
    remedy: str = ""
    names: tuple[str, ...] = ()


class AuditCopyPair(_Record):
    """Two files of one radiograph, with how well detail agrees and what turns the second into the first."""

    first: str
    second: str
    agreement: float
    turn: str
    same_label: bool


class Stratum(_Record):
    """How many there are of one class in one region."""

    region: str
    label: str
    files: int
    radiographs: int


class Shortcut(_Record):
    """How well one simple number tells the label, without a look at the bone.

    ``auroc`` is cross-validated with groups kept together, each radiograph counting
    once; ``low`` and ``high`` are its 95% interval by bootstrap over groups.
    """

    name: str
    auroc: float
    low: float
    high: float
    n_groups: int
    flagged: bool


class AuditLeak(_Record):
    """A radiograph, or an exam, on more than one side; how many of its files are on each."""

    kind: Literal["radiograph", "exam"]
    group: str
    files: dict[str, int]
    examples: dict[str, str]


class SplitAudit(_Record):
    """One split and what leaks over it."""

    name: str
    files: dict[str, int]
    leaks: tuple[AuditLeak, ...]
    leaking_files: int = Field(ge=0, description="files on a held-out side whose radiograph is also in train")


class AuditNeighbours(_Record):
    """Share of fractured after a fractured id and after one that is not; ``pairs`` of neighbouring ids."""

    pairs: int
    after_fractured: float
    after_not_fractured: float


class AuditVerdict(_Record):
    """The end of it all, in plain words."""

    level: Literal["clean", "with care", "not as published"]
    text: str
    reasons: tuple[str, ...]


class AuditReport(_Record):
    """All that an audit found.

    Attributes:
        copies: number of radiographs by how many files each has.
        groups: group by file name; files of one group must stay on one side of a split.
        radiographs: radiograph by file name, only where it has several files.
    """

    format_version: int = Field(FORMAT_VERSION, ge=1, le=FORMAT_VERSION)
    audit_version: int
    dataset: str
    fingerprint: str
    layout: str
    created_at: str
    elapsed_s: float
    n_files: int
    n_readable: int
    n_radiographs: int
    n_groups: int
    verdict: AuditVerdict
    findings: tuple[AuditFinding, ...]
    copies: dict[int, int]
    pairs: tuple[AuditCopyPair, ...]
    strata: tuple[Stratum, ...]
    shortcuts: tuple[Shortcut, ...]
    splits: tuple[SplitAudit, ...]
    neighbours: AuditNeighbours | None
    radiographs: dict[str, str]
    groups: dict[str, str]

    @property
    def n_problems(self) -> int:
        """How many findings make figures or labels wrong."""
        return sum(finding.severity == "problem" for finding in self.findings)
