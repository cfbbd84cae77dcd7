"""Runs for other programs: settings and measurements as CSV, or as TensorBoard's event files."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from sqlalchemy import select
from tensorboardX import SummaryWriter

from fracture_core.base import Settings
from fracture_core.store import MetricRow, reading_session
from fracture_core.training.run_history.settings import list_settings
from fracture_core.training.runs.metrics import MetricsFollower
from fracture_core.training.runs.run import RunState, find_run

_STATE = ("status", "created_at", "started_at", "ended_at")
_TAGS = {"val": "validation", "train": "training"}


def build_runs_csv(run_ids: Sequence[str], settings: Settings | None = None) -> str:
    """Return a row a run and step: the run, its settings, the step, and a column for each thing measured.

    A run that measured nothing has one row without a step.

    Raises:
        JobError: no such run.
        StoreError: the database cannot be used.
    """
    tables = [_build_table(find_run(run_id, settings).read_state(), settings) for run_id in run_ids]
    return pd.concat(tables, ignore_index=True).to_csv(index=False) if tables else ""


def write_tensorboard(run_ids: Sequence[str], directory: Path, settings: Settings | None = None) -> None:
    """Write event files into ``directory/RUN``, each point with the time at which it was measured.

    To be seen with ``tensorboard --logdir DIRECTORY``.

    Raises:
        JobError: no such run.
        StoreError: the database cannot be used.
    """
    for state in [find_run(run_id, settings).read_state() for run_id in run_ids]:
        began_s = (state.started_at or state.created_at).timestamp()
        with SummaryWriter(str(directory / state.id)) as writer:
            writer.add_text("settings", _write_settings(state), 0, walltime=began_s)
            for point in _read_timed(state.id, settings).itertuples():
                time_s = began_s if pd.isna(point.at) else point.at.timestamp()
                writer.add_scalar(_build_tag(point.name), point.value, point.step, walltime=time_s)


def zip_tensorboard(run_ids: Sequence[str], settings: Settings | None = None) -> bytes:
    """Return what ``write_tensorboard`` writes, as a zip; errors as there."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write_tensorboard(run_ids, Path(folder), settings)
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def _build_table(state: RunState, settings: Settings | None) -> pd.DataFrame:
    points = MetricsFollower(state.id, settings).read()
    if points.empty:
        table = pd.DataFrame({"step": [None], "epoch": [None]})
    else:
        table = points.pivot(index=["step", "epoch"], columns="name", values="value").reset_index()
    facts = {"run": state.id} | {name: getattr(state, name) for name in _STATE}
    facts |= {f"setting_{name}": value for name, value in list_settings(state).items()}  # some are measured too
    leading = pd.DataFrame([facts] * len(table))
    return pd.concat([leading, table.rename_axis(columns=None)], axis=1)


def _read_timed(run_id: str, settings: Settings | None) -> pd.DataFrame:
    columns = (MetricRow.step, MetricRow.epoch, MetricRow.name, MetricRow.value, MetricRow.at)
    query = select(*columns).where(MetricRow.run_id == run_id).order_by(MetricRow.step, MetricRow.name)
    with reading_session(settings) as session:
        return pd.DataFrame(session.execute(query).all(), columns=["step", "epoch", "name", "value", "at"])


def _write_settings(state: RunState) -> str:
    rows = [f"| {name} | {'' if value is None else value} |" for name, value in list_settings(state).items()]
    return "\n".join(["| setting | value |", "|---|---|", *rows])


def _build_tag(name: str) -> str:
    """Return such as ``validation/accuracy``, which TensorBoard shows beside the others of validation."""
    side, _, what = name.partition("_")
    return f"{_TAGS[side]}/{what}" if side in _TAGS else f"training/{name}"
