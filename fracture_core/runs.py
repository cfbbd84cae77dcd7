"""A training run on disk: what was asked for, how it stands, and its metrics.

    RUN/request.json   what was asked for
    RUN/state.json     how it stands; replaced atomically by the trainer
    RUN/metrics.csv    step, epoch, name, value; one line a measurement, appended
    RUN/train.log      what the training process printed
    RUN/last.ckpt      to resume from
    RUN/checkpoint/    the result, when finished
    RUN/stop           its presence asks the trainer to stop
"""

import csv
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fracture_core.errors import JobError
from fracture_core.files import write_json
from fracture_core.settings import Settings, get_settings

METRIC_COLUMNS = ("step", "epoch", "name", "value")
RunStatus = Literal["starting", "running", "stopping", "stopped", "failed", "finished"]
ENDED: frozenset[str] = frozenset({"stopped", "failed", "finished"})


class TrainingRequest(BaseModel):
    """What a person asks a training to do; None leaves a value to the recipe.

    Attributes:
        data: data sets by name or folder; several are trained on together.
        recipe: name of a recipe.
        test: whether the finished model is also evaluated on the test part.
        as_published: divide the data as the paper did, file by file, so that copies
            of one radiograph are on both sides. To reproduce its figures, not to
            learn how good the model is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: tuple[str, ...] = Field(min_length=1)
    recipe: str = "default"
    epochs: int | None = Field(None, ge=1, le=1000)
    learning_rate: float | None = Field(None, gt=0, le=1)
    batch_size: int | None = Field(None, ge=2, le=1024)
    input_size_px: int | None = Field(None, ge=32, le=1024)
    initial: str | None = Field(None, min_length=1, max_length=80)
    teacher: str | None = Field(None, max_length=80)
    seed: int = Field(0, ge=0, lt=2**31)
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    test: bool = True
    as_published: bool = False


class RunState(BaseModel):
    """How a run stands; times are ISO 8601 in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    status: RunStatus = "starting"
    reason: str = ""
    request: TrainingRequest
    created_at: str
    updated_at: str
    ended_at: str | None = None
    pid: int | None = None
    process_started_s: float | None = None  # with the pid, tells a process from a later one of the same pid
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    total_steps: int = 0
    seconds_left: float | None = None
    val_accuracy: float | None = None
    device: str = ""

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class RunFolder:
    """Reads and writes the files of one run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def id(self) -> str:
        return self.directory.name

    @property
    def log_path(self) -> Path:
        return self.directory / "train.log"

    @property
    def metrics_path(self) -> Path:
        return self.directory / "metrics.csv"

    @property
    def resume_path(self) -> Path:
        return self.directory / "last.ckpt"

    @property
    def result_path(self) -> Path:
        return self.directory / "checkpoint"

    @property
    def stop_path(self) -> Path:
        return self.directory / "stop"

    def read_state(self) -> RunState:
        """Return how the run stands.

        Raises:
            JobError: no such run, or its state cannot be understood.
        """
        path = self.directory / "state.json"
        try:
            return RunState.model_validate_json(path.read_bytes())
        except OSError as error:
            raise JobError(f"There is no training run called '{self.id}'.", "Choose one of the list.") from error
        except ValidationError as error:
            raise JobError(f"The state of run '{self.id}' is damaged.", f"Look at {path}.") from error

    def write_state(self, state: RunState) -> None:
        """Replace the state atomically; stamps the time."""
        write_json(self.directory / "state.json", state.model_copy(update={"updated_at": now()}).model_dump(mode="json"))

    def update_state(self, **changes: object) -> RunState:
        """Change some fields of the state; validated as a whole."""
        state = RunState.model_validate(self.read_state().model_dump() | changes)
        self.write_state(state)
        return state

    def append_metrics(self, step: int, epoch: int, values: dict[str, float]) -> None:
        """Append one line a value; a reader sees whole lines only, for the write is one call."""
        lines = "".join(f"{step},{epoch},{name},{value:.6g}\n" for name, value in values.items())
        is_new = not self.metrics_path.exists()
        with self.metrics_path.open("a", encoding="utf-8", newline="") as stream:
            stream.write((",".join(METRIC_COLUMNS) + "\n" if is_new else "") + lines)

    def read_metrics(self) -> list[tuple[int, int, str, float]]:
        """Return (step, epoch, name, value) rows; an unfinished last line is left out."""
        if not self.metrics_path.is_file():
            return []
        rows = []
        with self.metrics_path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                if len(row) == len(METRIC_COLUMNS) and row[0].isdigit():
                    rows.append((int(row[0]), int(row[1]), row[2], float(row[3])))
        return rows

    def drop_metrics_after(self, step: int) -> None:
        """Forget measurements later than the step a resumed run starts from, so that none is doubled."""
        rows = [row for row in self.read_metrics() if row[0] <= step]
        self.metrics_path.unlink(missing_ok=True)
        for row_step, epoch, name, value in rows:
            self.append_metrics(row_step, epoch, {name: value})


def now() -> str:
    """Return the time in UTC as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def runs_dir(settings: Settings | None = None) -> Path:
    """Return the folder of all runs."""
    return (settings or get_settings()).state_dir / "runs"


def create_run(request: TrainingRequest, settings: Settings | None = None) -> RunFolder:
    """Make a new run's folder, named by time and recipe; ``starting``."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    run_id = f"{stamp}-{request.recipe}-{secrets.token_hex(2)}"
    folder = RunFolder(runs_dir(settings) / run_id)
    folder.directory.mkdir(parents=True)
    write_json(folder.directory / "request.json", request.model_dump(mode="json"))
    folder.write_state(RunState(id=run_id, request=request, created_at=now(), updated_at=now()))
    return folder


def find_run(run_id: str, settings: Settings | None = None) -> RunFolder:
    """Return the folder of a run.

    Raises:
        JobError: no such run.
    """
    folder = RunFolder(runs_dir(settings) / Path(run_id).name)
    folder.read_state()
    return folder


def list_run_folders(settings: Settings | None = None) -> list[RunFolder]:
    """Return all runs, the newest first."""
    found = runs_dir(settings).glob("*/state.json")
    return [RunFolder(path.parent) for path in sorted(found, key=lambda path: path.parent.name, reverse=True)]
