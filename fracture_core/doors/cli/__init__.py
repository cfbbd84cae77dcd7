"""The command line: one command a capability, ``python -m fracture_core COMMAND`` or, installed, ``fracture COMMAND``.

Commands import what they need when they run, so that ``--help`` is instant.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fracture_core import __version__

COMMANDS = {
    "predict": "read radiographs: files or folders",
    "report": "read one radiograph into a PDF, and for DICOM into a Secondary Capture and a Structured Report",
    "worklist": "read many radiographs into a list that stays; show, export and delete lists",
    "app": "start the app: the pages, and the API at the same address",
    "serve": "serve the API, without the pages",
    "pacs": "find and read studies of the PACS, send results back; a DICOM service that reads what it is sent",
    "history": "every reading that was kept: find, show, export and delete them",
    "deidentify": "write a radiograph's file without patient data",
    "summary": "print the network's layer table",
    "train": "train a network into a new checkpoint",
    "runs": "start, watch, stop and resume trainings in the background; export what they measured",
    "evaluate": "measure a checkpoint on a data set",
    "compare": "test two checkpoints against each other on the same radiographs",
    "failures": "what a checkpoint gets wrong: filter, count, compare, export; say what you think of it",
    "neighbours": "look at a checkpoint's training images once, to tell the nearest to any radiograph",
    "audit": "look for what is wrong with a data set",
    "data": "list data sets, and fetch public ones",
    "feedback": "agree or disagree with readings; how readers and the model agree; judged readings to Retrain",
    "audit-log": "what was done and by whom; whether the log is whole",
    "gate": "set a checkpoint beside the model in use",
    "suitability": "fit and measure what refuses pictures that are no limb radiographs",
    "checkpoints": "list the checkpoints that can be used, promote one, roll back",
    "results": "write docs/results.md, the model cards and docs/commands.md from the repository's files",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status (0 well, 1 something failed, 2 wrong usage).

    Args:
        arguments: command and options; by default those that this process was started with.
    """
    parser = build_parser(sys.argv[1:] if arguments is None else arguments)
    chosen, further = parser.parse_known_args(arguments)
    if hasattr(chosen, "further"):
        chosen.further = further
    elif further:
        parser.error(f"unrecognized arguments: {' '.join(further)}")
    return _run(chosen, is_alone=arguments is None)


def _run(chosen: argparse.Namespace, *, is_alone: bool) -> int:
    from fracture_core.base import FractureError, keep_freed_memory, log_incident

    if is_alone:  # the process is this command's
        keep_freed_memory()
    try:
        return int(_import(chosen.command).run(chosen))
    except FractureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001 - the last stop of a command
        incident_id = log_incident(error, f"command {chosen.command}")
        print(f"error: something unexpected happened (id {incident_id}); the log has the details.", file=sys.stderr)
        return 1


def build_parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser of a command line.

    Args:
        arguments: only the options of commands that are named here are known, so that no other command has to be
            imported; those of all commands where it is None.
    """
    parser = argparse.ArgumentParser(
        prog="fracture" if Path(sys.argv[0]).stem == "fracture" else "python -m fracture_core",
        description="Supports the reading of limb radiographs for fractures. Does not replace a qualified reader.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if arguments is None or name in arguments:
            _import(name).add_arguments(command)
    return parser


def _import(command: str) -> ModuleType:
    return import_module(f"fracture_core.doors.cli.{command.replace('-', '_')}")
