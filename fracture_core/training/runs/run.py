"""A training run: rows of the database for how it stands and what was measured, a folder for its files.

STATE_DIR/runs/RUN/train.log    what the training process printed
STATE_DIR/runs/RUN/last.ckpt    to resume from
STATE_DIR/runs/RUN/best.ckpt    the weights that did best on validation so far
STATE_DIR/runs/RUN/checkpoint/  the result, when finished
"""

import re
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fracture_core.base import JobError, Settings, get_settings
from fracture_core.store import MetricRow, RunRow, RunStatus, append_audit_entry, reading_session, writing_session

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
ENDED: frozenset[str] = frozenset({"stopped", "failed", "finished"})


class TrainingRequest(BaseModel):
    """What a person asks a training to do; None leaves a value to the recipe.

    Attributes:
        data: data sets by name or folder; several are trained on together.
        recipe: name of a recipe.
        augmentation: "none", "flips" (the paper's) or "strong".
        test: whether the finished model is also evaluated on the test part.
        as_published: divide the data as the paper did, file by file, so that copies
            of one radiograph are on both sides. To reproduce its figures, not to
            learn how good the model is.
        devices, num_nodes: processes a machine, and machines; ``batch_size`` is divided among them.
        threads: CPU threads of the training; None for what the settings say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: tuple[str, ...] = Field(min_length=1)
    recipe: str = "default"
    epochs: int | None = Field(None, ge=1, le=1000)
    learning_rate: float | None = Field(None, gt=0, le=1)
    batch_size: int | None = Field(None, ge=2, le=1024)
    input_size_px: int | None = Field(None, ge=32, le=1024)
    augmentation: Literal["none", "flips", "strong"] | None = None
    initial: str | None = Field(None, min_length=1, max_length=120)
    teacher: str | None = Field(None, max_length=120)
    seed: int = Field(0, ge=0, lt=2**31)
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    test: bool = True
    as_published: bool = False
    devices: int = Field(1, ge=1, le=64)
    num_nodes: int = Field(1, ge=1, le=1024)
    threads: int | None = Field(None, ge=1, le=1024)


class RunState(BaseModel):
    """How a run stands; times are in UTC.

    Attributes:
        reason: why it stands so, for a person; empty where the status says enough.
        queued_at: since when it waits, or waited, for its turn.
        host, pid, process_started_s: the process that trains; the last tells it
            from a later one of the same number (see ``liveness.measure_start_s``).
        data_fingerprints: of each data set when the run began; it cannot go on with other data.
        step: optimizer steps done, of all ``epochs`` together ``total_steps``.
        val_accuracy, val_auroc: the latest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    id: str
    status: RunStatus = "queued"
    reason: str = ""
    request: TrainingRequest
    created_at: datetime
    queued_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    stop_requested: bool = False
    host: str
    pid: int | None = None
    process_started_s: float | None = None
    data_fingerprints: dict[str, str] = {}
    device: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    total_steps: int = 0
    seconds_left: float | None = None
    val_accuracy: float | None = None
    val_auroc: float | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class MetricPoint(NamedTuple):
    """One measurement."""

    step: int
    epoch: int
    name: str
    value: float


class Run:
    """Reads and writes one run."""

    def __init__(self, run_id: str, settings: Settings | None = None) -> None:
        self.id = run_id
        self._settings = settings or get_settings()
        self.directory = runs_dir(self._settings) / run_id

    @property
    def log_path(self) -> Path:
        return self.directory / "train.log"

    @property
    def resume_path(self) -> Path:
        return self.directory / "last.ckpt"

    @property
    def best_path(self) -> Path:
        return self.directory / "best.ckpt"

    @property
    def result_path(self) -> Path:
        return self.directory / "checkpoint"

    def read_state(self) -> RunState:
        """Return how the run stands.

        Raises:
            JobError: no such run, or its row cannot be understood.
            StoreError: the database cannot be used.
        """
        with reading_session(self._settings) as session:
            return _to_state(self._find_row(session))

    def update_state(self, **changes: object) -> RunState:
        """Change some fields of the state; validated as a whole.

        Raises:
            JobError: no such run.
            StoreError: the database cannot be used; nothing has changed.
        """
        return self.write(changes)

    def update_state_if(self, holds: Callable[[RunState], bool], **changes: object) -> RunState | None:
        """Change some fields if ``holds`` of the state at that very moment; None, and nothing changed, if not.

        Of several who try at once, each sees what the one before made of it.
        """
        with writing_session(self._settings) as session:
            row = self._find_row(session, to_change=True)
            before = row.status
            if not holds(_to_state(row)):
                return None
            state = self._change(row, changes)
            _tell(session, state, before)
            return state

    def write(self, changes: Mapping[str, object], points: Sequence[MetricPoint] = ()) -> RunState:
        """Change fields of the state and add measurements, both or neither; a point given twice is one."""
        with writing_session(self._settings) as session:
            row = self._find_row(session, to_change=True)
            before = row.status
            state = self._change(row, changes)
            for point in points:
                session.merge(MetricRow(run_id=self.id, **point._asdict()))
            _tell(session, state, before)
            return state

    def read_metrics(self) -> list[MetricPoint]:
        """Return all measurements by step."""
        columns = (MetricRow.step, MetricRow.epoch, MetricRow.name, MetricRow.value)
        with reading_session(self._settings) as session:
            rows = session.execute(
                select(*columns).where(MetricRow.run_id == self.id).order_by(MetricRow.step, MetricRow.name)
            )
            return [MetricPoint(*row) for row in rows]

    def drop_metrics_after(self, step: int) -> None:
        """Forget measurements later than the step a resumed run starts from: they will be made again."""
        with writing_session(self._settings) as session:
            session.execute(delete(MetricRow).where(MetricRow.run_id == self.id, MetricRow.step > step))

    def _find_row(self, session: Session, *, to_change: bool = False) -> RunRow:
        row = session.get(RunRow, self.id, with_for_update=to_change)
        if row is None:
            raise _no_run(self.id)
        return row

    @staticmethod
    def _change(row: RunRow, changes: Mapping[str, object]) -> RunState:
        state = RunState.model_validate(_to_state(row).model_dump() | dict(changes) | {"updated_at": get_utc_now()})
        for name in {*changes, "updated_at"}:
            value = getattr(state, name)
            setattr(row, name, value.model_dump(mode="json") if isinstance(value, BaseModel) else value)
        return state


def _tell(session: Session, state: RunState, before: str) -> None:
    """Let the audit log tell of a training that began or ended."""
    if state.status != before and (state.status == "running" or state.has_ended):
        append_audit_entry(session, "training", state.id, status=state.status, reason=state.reason)


def _no_run(run_id: str) -> JobError:
    return JobError(f"There is no training run called '{run_id[:120]}'.", "Choose one of the list.")


def get_utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def runs_dir(settings: Settings | None = None) -> Path:
    """Return the folder of all runs' files."""
    return (settings or get_settings()).state_dir / "runs"


def this_host() -> str:
    """Return the name by which runs tell this machine from others that share the database."""
    return socket.gethostname()


def create_run(request: TrainingRequest, settings: Settings | None = None) -> Run:
    """Make a new run, named by time and recipe; ``queued``.

    Raises:
        JobError: its folder cannot be made.
        StoreError: the database cannot be used.
    """
    created_at = get_utc_now()
    run = _make_directory(f"{created_at:%Y%m%d-%H%M%S}-{request.recipe}", settings)
    row = RunRow(
        id=run.id,
        status="queued",
        reason="",
        request=request.model_dump(mode="json"),
        created_at=created_at,
        queued_at=created_at,
        updated_at=created_at,
        host=this_host(),
    )
    with writing_session(settings) as session:
        session.add(row)
        append_audit_entry(session, "training", run.id, status="queued", data=list(request.data), recipe=request.recipe)
    return run


def _make_directory(begins: str, settings: Settings | None) -> Run:
    """Make the folder of a run whose name nobody has; two runs of one second may draw the same."""
    while True:
        run = Run(f"{begins}-{secrets.token_hex(2)}", settings)
        try:
            run.directory.parent.mkdir(parents=True, exist_ok=True)
            run.directory.mkdir()
            return run
        except FileExistsError:
            if not run.directory.is_dir():
                raise _cannot_make(run, "a file is in the way") from None
        except OSError as error:
            raise _cannot_make(run, error.strerror) from error


def _cannot_make(run: Run, reason: str | None) -> JobError:
    return JobError(
        f"The run's folder {run.directory} cannot be made: {reason}.", "Free space there, or let this program write."
    )


def find_run(run_id: str, settings: Settings | None = None) -> Run:
    """Return a run by its id.

    Raises:
        JobError: no such run.
    """
    if not _ID.fullmatch(run_id):  # it may come from an address; a database need not take every character
        raise _no_run(run_id)
    run = Run(run_id, settings)
    run.read_state()
    return run


def list_states(settings: Settings | None = None, *, active: bool = False) -> list[RunState]:
    """Return all runs as their rows say, the newest first; one that cannot be understood is left out.

    Args:
        active: only those that have not ended.
    """
    query = select(RunRow).order_by(RunRow.created_at.desc(), RunRow.id.desc())
    if active:
        query = query.where(RunRow.status.not_in(ENDED))
    with reading_session(settings) as session:
        rows = session.scalars(query).all()
        return [state for row in rows if (state := _try_state(row)) is not None]


def _try_state(row: RunRow) -> RunState | None:
    try:
        return _to_state(row)
    except JobError:  # one damaged run must not hide the others
        return None


def _to_state(row: RunRow) -> RunState:
    try:
        return RunState.model_validate(row)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise JobError(f"The state of run '{row.id}' is damaged at '{field}'.", "Start a new run.") from error
