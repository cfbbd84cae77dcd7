"""One training run, from data to a checkpoint with its figures."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from fracture_core.base import RunHeldError, StageProgress, TrainingError, drop_unfinished, log_incident
from fracture_core.datasets import KeptSides
from fracture_core.networks import Checkpoint
from fracture_core.reading import choose_device
from fracture_core.training.finish import drop_resumable, explain_failure, find_result, save_and_evaluate
from fracture_core.training.fit import fit
from fracture_core.training.kept_sides import choose_kept_sides
from fracture_core.training.prepared import Prepared, prepare_data
from fracture_core.training.processes import Processes, count_started, dismiss_followers, gathered, ignore_signals
from fracture_core.training.recipes import resolve_recipe
from fracture_core.training.runs.liveness import describe_process
from fracture_core.training.runs.run import Run, TrainingRequest, get_utc_now
from fracture_core.training.runs.stop_request import FROM_KEYBOARD, StopRequest, TrainingStopped
from fracture_core.training.runs.turns import take_turn
from fracture_core.training.runs.writer import RunWriter, outlast_lock
from fracture_core.training.space import drop_ballast, put_ballast

_PATIENCE_S = 120.0  # for a database that is busy when a run begins or ends


@dataclass(frozen=True)
class TrainingTask:
    """What the other processes of a run are told by the one that leads."""

    run_id: str
    request: TrainingRequest
    fingerprints: dict[str, str]
    kept: KeptSides
    resume_from: Path | None
    threads: int | None


def run_training(
    run: Run,
    *,
    progress: StageProgress | None = None,
    threads: int | None = None,
    then: Callable[[Checkpoint, StageProgress], None] | None = None,
) -> Checkpoint | None:
    """Wait for the run's turn, train as its request says, or go on from its ``last.ckpt``.

    The run's state is kept up to date all along, and says why if it fails.

    Args:
        threads: CPU threads, where the request does not say; None for all cores.
        then: what is to be done with the new checkpoint before the run counts as finished.

    Returns:
        The new checkpoint in ``run.result_path``, or None if the run was stopped.

    Raises:
        FractureError: the training cannot go on; the state says the same.
    """
    writer, stop = RunWriter(run), StopRequest(run)
    request = run.read_state().request
    threads = request.threads or threads
    _limit_threads(threads)

    def find_stop_reason() -> str:
        if reason := stop.find_reason():
            writer.write(status="stopping")
        return reason

    def report(what: str, done: int, total: int) -> None:
        if progress is not None:
            progress(what, done, total)
        if reason := find_stop_reason():
            raise TrainingStopped(reason)

    def end(status: str, reason: str = "", **changes: object) -> None:
        drop_ballast(run.directory)
        writer.finish(
            _PATIENCE_S, status=status, reason=reason, ended_at=get_utc_now(), stop_requested=False, **changes
        )

    stop.listen()
    try:
        with take_turn(run, stop):
            began = {"started_at": get_utc_now(), "ended_at": None, **describe_process(os.getpid())}
            writer.finish(_PATIENCE_S, status="starting", reason="", **began)
            put_ballast(run.directory)
            checkpoint = _train(run, request, threads, report, find_stop_reason, stop, writer)
            if then is not None:
                then(checkpoint, report)
    except RunHeldError:  # the process that has it says how it stands
        raise
    except TrainingStopped as stopped:
        end("stopped", str(stopped))
        return None
    except (KeyboardInterrupt, SystemExit):  # Lightning makes the second of the first
        end("stopped", FROM_KEYBOARD)
        raise KeyboardInterrupt from None
    except Exception as error:
        told = explain_failure(error, run.directory, request)
        if told is None:
            incident_id = log_incident(error, f"training run {run.id}")
            end("failed", f"Something unexpected happened (id {incident_id}); the log has the details.")
            raise
        end("failed", str(told))
        raise told from error
    finally:
        stop.close()
        dismiss_followers()
    end("finished", seconds_left=0.0)
    return checkpoint


def follow_training() -> bool:
    """Train as the process says that leads; return whether there was anything to do.

    Raises:
        FractureError: the training cannot go on.
    """
    ignore_signals()
    with gathered("", *count_started((1, 1))) as processes:
        task: TrainingTask | None = processes.share(None)
        if task is None:
            return False
        _limit_threads(task.threads)
        run = Run(task.run_id)
        try:
            _follow(run, task, processes)
        except TrainingStopped:  # the leader says so, and tells the database
            return True
        except Exception as error:
            raise explain_failure(error, run.directory, task.request) or error from error
    return True


def _follow(run: Run, task: TrainingTask, processes: Processes) -> None:
    recipe = resolve_recipe(task.request)
    prepared = prepare_data(task.request, recipe, lambda what, done, total: None, task.kept)
    if _list_fingerprints(prepared) != task.fingerprints:
        raise TrainingError("The data here are not those of the leading process.", "Give all machines the same data.")
    fit(run, task.request, recipe, prepared, processes, task.resume_from, lambda: "", ignore_signals)


def _train(
    run: Run,
    request: TrainingRequest,
    threads: int | None,
    report: StageProgress,
    find_stop_reason: Callable[[], str],
    stop: StopRequest,
    writer: RunWriter,
) -> Checkpoint:
    drop_unfinished(run.directory)
    if (result := find_result(run)) is not None:  # it ended before it could say so
        drop_resumable(run)
        return result
    recipe = resolve_recipe(request)
    device = choose_device(request.device)
    kept = choose_kept_sides(run, request)
    prepared = prepare_data(request, recipe, report, kept)
    stop.check()
    fingerprints = _list_fingerprints(prepared)
    _check_data_are_the_same(run, fingerprints)
    writer.write(data_fingerprints=fingerprints)
    resume_from = _find_resume(run)
    with gathered(run.id, request.devices, request.num_nodes) as processes:
        task = processes.share(
            TrainingTask(run.id, request, fingerprints, kept, resume_from, processes.divide_threads(threads))
        )
        _limit_threads(task.threads)
        module = fit(run, request, recipe, prepared, processes, resume_from, find_stop_reason, stop.listen, writer)
    _limit_threads(threads)
    _load_best_weights(module, run)
    writer.write(seconds_left=None)
    return save_and_evaluate(run, module.network.to(device), prepared, recipe, report)


def _limit_threads(limit: int | None) -> None:
    if limit:
        torch.set_num_threads(limit)


def _check_data_are_the_same(run: Run, fingerprints: dict[str, str]) -> None:
    before = run.read_state().data_fingerprints
    if run.resume_path.is_file() and before and before != fingerprints:
        changed = sorted(name for name in before | fingerprints if before.get(name) != fingerprints.get(name))
        raise TrainingError(
            f"The data have changed since this training began: {', '.join(changed)}.",
            "Put them back as they were and resume, or start a new training.",
        )


def _list_fingerprints(prepared: Prepared) -> dict[str, str]:
    return {catalog.name: catalog.fingerprint for catalog in prepared.catalogs}


def _find_resume(run: Run) -> Path | None:
    if not run.resume_path.is_file():
        outlast_lock(_PATIENCE_S, lambda: run.drop_metrics_after(-1))  # of an attempt that left nothing to resume from
        return None
    step = torch.load(run.resume_path, map_location="cpu", weights_only=True)["global_step"]
    outlast_lock(_PATIENCE_S, lambda: run.drop_metrics_after(int(step)))
    return run.resume_path


def _load_best_weights(module: torch.nn.Module, run: Run) -> None:
    best = torch.load(run.best_path, map_location="cpu", weights_only=True)
    module.load_state_dict(best["state_dict"])
