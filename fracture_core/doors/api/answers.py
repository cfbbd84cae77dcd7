"""What the API answers: the JSON of a reading and of a model, as pydantic models that the OpenAPI document quotes."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

import fracture_core.reading as readings
from fracture_core.reading import ReadingRecord
from fracture_core.store import Call, Door


class Answer(BaseModel):
    """What all answers share."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Points(Answer):
    """Probabilities at which the call changes."""

    threshold: float = Field(description="the balanced point; the label is fractured from here on", ge=0, le=1)
    negative_below: float = Field(description="the high-sensitivity point", ge=0, le=1)
    positive_from: float = Field(description="the high-specificity point", ge=0, le=1)


class Finding(Answer):
    """What the gate found and is not well, as ``predict --json`` prints it."""

    kind: str
    severity: readings.Severity
    words: str
    advice: str
    value: float | None = None
    limit: float | None = None
    correction: readings.Correction = ""

    @classmethod
    def of(cls, found: readings.Finding) -> Self:
        value = None if found.value is None else round(found.value, 4)
        limit = found.limit if value is not None else None
        return cls(
            kind=found.kind,
            severity=found.severity,
            words=found.words,
            advice=found.advice,
            value=value,
            limit=limit,
            correction=found.correction,
        )


class Heatmap(Answer):
    """Where the network looked: a gray PNG over the whole picture, 0 is nothing and 255 is full."""

    width_px: int = Field(ge=1)
    height_px: int = Field(ge=1)
    png_base64: str = Field(json_schema_extra={"contentEncoding": "base64", "contentMediaType": "image/png"})


class Override(Answer):
    """Who wanted a refused picture read all the same."""

    who: str
    why: str
    at: datetime


class Links(Answer):
    """Where to find it again; paths on this server."""

    self: str
    page: str | None = Field(description="the page History; null where the API is served alone")


class Reading(Answer):
    """A reading as it is kept. It supports a qualified reader and does not replace one."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    at: datetime
    source: Door = Field(description="by which door the radiograph came")
    who: str
    file_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    file_type: str
    width_px: int
    height_px: int
    frame: int = Field(ge=0)
    correction: str
    region: str
    view: str
    refused: bool = Field(description="the gate refused the picture, and nobody wanted it read all the same")
    call: Call | None = Field(description="null where the picture was refused")
    label: str | None = Field(description="by the balanced point; null where the picture was refused")
    p_fracture: float | None = Field(description="calibrated; null where the picture was refused", ge=0, le=1)
    points: Points
    model: str
    model_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    notes: tuple[str, ...] = Field(description="what a reader should know of the picture")
    refusals: tuple[str, ...] = Field(description="why the gate refused the picture")
    override: Override | None
    elapsed_ms: float = Field(description="decoding and reading", ge=0)
    links: Links

    @classmethod
    def of(cls, record: ReadingRecord, links: Links) -> Self:
        return cls(**describe(record), links=links)


class NewReading(Reading):
    """A reading as it is answered when it was asked for.

    The gate's findings, and the heatmap if it was asked for, are not kept. To a repeated request they are given again
    where the model that read it is still there, and are null otherwise.
    """

    findings: tuple[Finding, ...] | None
    heatmap: Heatmap | None = Field(description="null where it was not asked for, or the picture was refused")


def describe(record: ReadingRecord) -> dict[str, object]:
    """Return the fields of a reading but its links."""
    same = (
        "id",
        "at",
        "source",
        "who",
        "width_px",
        "height_px",
        "frame",
        "correction",
        "region",
        "view",
        "model",
        "model_sha256",
        "notes",
        "refusals",
    )
    override = None
    if record.override_at:
        override = Override(who=record.override_who, why=record.override_why, at=record.override_at)
    return {name: getattr(record, name) for name in same} | {
        "file_sha256": record.sha256,
        "file_type": record.source_type,
        "refused": record.is_refused,
        "call": record.shown_call,
        "label": None if record.is_refused else record.label,
        "p_fracture": None if record.shown_p is None else round(record.shown_p, 6),
        "points": Points(
            threshold=record.threshold, negative_below=record.negative_below, positive_from=record.positive_from
        ),
        "override": override,
        "elapsed_ms": round(record.elapsed_ms, 1),
    }


class Figure(Answer):
    """A figure with its 95% interval; ``n`` counts the radiographs it is a share of."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Evaluation(Answer):
    """What a model did on data that it was not made with, at the balanced point."""

    dataset: str
    split: str
    mark: str = Field(description="what has to stand beside every figure of a side that leaks; usually empty")
    n: int
    n_groups: int = Field(description="independent groups: copies and views of one exam are one")
    n_fractured: int
    figures: dict[str, Figure]


class Model(Answer):
    """A model that can be asked."""

    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    in_use: bool = Field(description="it reads where no checkpoint is named")
    points: Points
    evaluations: tuple[Evaluation, ...]


class Models(Answer):
    """The models that can be asked, the one in use first."""

    models: tuple[Model, ...]


class Health(Answer):
    """The process answers."""

    status: str = Field(pattern="^alive$")


class Readiness(Answer):
    """Whether a reading could be made and kept now; ``reasons`` says why not."""

    ready: bool
    reasons: tuple[str, ...]
