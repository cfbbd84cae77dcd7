"""``runs``: trainings in the background: start, watch, stop, resume, and take away what they measured."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fracture_core.training import RunState, TrainingRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from fracture_core.doors.cli.train import DATA_OPTION, add_settings

    parser.set_defaults(json=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all runs, the newest first (what is done without an action)")
    showing = actions.add_parser("show", help="how a run stands, its settings and its latest figures")
    stopping = actions.add_parser("stop", help="stop after the current batch, or leave the queue; can be resumed")
    resuming = actions.add_parser("resume", help="go on in the background with a stopped or failed run")
    for action in (showing, stopping, resuming):
        action.add_argument("id", metavar="ID")
    starting = actions.add_parser("start", help="train in the background; waits its turn where another training runs")
    starting.add_argument("--data", required=True, **DATA_OPTION)
    add_settings(starting)
    exporting = actions.add_parser("export", help="settings and measurements of runs for other programs")
    exporting.add_argument("ids", nargs="+", metavar="ID")
    exporting.add_argument("--csv", metavar="FILE", help="one table; - for the screen")
    exporting.add_argument("--tensorboard", type=Path, metavar="DIR", help="event files, for tensorboard --logdir DIR")
    for action in (listing, showing, starting, stopping, resuming):
        action.add_argument("--json", action="store_true", help="one JSON object a run")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.training import list_runs, read_run, resume_training, start_training, stop_training

    if arguments.action == "export":
        return _export(arguments)
    if arguments.action in (None, "list"):
        states = list_runs()
        for state in states:
            print(state.model_dump_json() if arguments.json else _describe(state))
        if not states and not arguments.json:
            print("There is no run yet. Start one: python -m fracture_core runs start --data DIR")
        return 0
    if arguments.action == "start":
        arguments.id = start_training(_build_request(arguments))
    elif arguments.action == "stop":
        stop_training(arguments.id)
    elif arguments.action == "resume":
        resume_training(arguments.id)
    _show(read_run(arguments.id), as_json=arguments.json)
    return 0


def _build_request(arguments: argparse.Namespace) -> "TrainingRequest":
    from fracture_core.doors.cli.train import build_request
    from fracture_core.training import resolve_recipe

    request = build_request(arguments)
    resolve_recipe(request)  # a wrong value is told before a run is made
    return request


def _export(arguments: argparse.Namespace) -> int:
    from fracture_core.base import write_atomically
    from fracture_core.store import log_export
    from fracture_core.training import build_runs_csv, write_tensorboard

    if not arguments.csv and not arguments.tensorboard:
        print("error: say what to export to: --csv FILE, --tensorboard DIR, or both.", file=sys.stderr)
        return 2
    log_export(", ".join(arguments.ids), what="measurements")
    if arguments.csv == "-":
        print(build_runs_csv(arguments.ids), end="")
    elif arguments.csv:
        write_atomically(Path(arguments.csv), build_runs_csv(arguments.ids).encode("utf-8"))
        print(f"measurements in {arguments.csv}")
    if arguments.tensorboard:
        write_tensorboard(arguments.ids, arguments.tensorboard)
        print(f"event files in {arguments.tensorboard}; see them with: tensorboard --logdir {arguments.tensorboard}")
    return 0


def _describe(state: "RunState") -> str:
    figures = {"validation accuracy": state.val_accuracy, "AUROC": state.val_auroc}
    told = [f"{name} {value:.3f}" for name, value in figures.items() if value is not None]
    done = (
        [f"epoch {state.epoch} of {state.epochs}, step {state.step} of {state.total_steps}"]
        if state.total_steps
        else []
    )
    status = "stopping" if state.stop_requested and not state.has_ended else state.status
    parts = [f"{state.id}  {status}", f"{', '.join(state.request.data)}; {state.request.recipe}", *done, *told]
    return "; ".join(parts) + (f"; {state.reason}" if state.reason else "")


def _show(state: "RunState", *, as_json: bool) -> None:
    from fracture_core.training import MetricsFollower, Run, list_settings

    latest = MetricsFollower(state.id).read().groupby("name")["value"].last().to_dict()
    settings = list_settings(state)
    if as_json:
        print(json.dumps(state.model_dump(mode="json") | {"settings": settings, "latest": latest}))
        return
    print(_describe(state))
    print(f"  files     {Run(state.id).directory}")
    print(f"  settings  {', '.join(f'{name} {value}' for name, value in settings.items() if value is not None)}")
    if latest:
        print(f"  latest    {', '.join(f'{name} {value:.4g}' for name, value in latest.items())}")
