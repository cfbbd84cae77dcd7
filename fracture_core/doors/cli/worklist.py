"""``worklist``: many radiographs as a list that stays, the same that the page Diagnose shows."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fracture_core.doors.cli.arguments import add_checkpoint_argument

if TYPE_CHECKING:
    from fracture_core.records import Worklist, WorklistItem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(json=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="all worklists, the newest first (what is done without an action)")
    creating = actions.add_parser("create", help="read a folder or a zip into a new worklist")
    creating.add_argument("path", type=Path, metavar="PATH", help="a folder, a zip, or one radiograph")
    creating.add_argument("--title", default="", help="what the worklist is called (default: the path's name)")
    add_checkpoint_argument(creating)
    showing = actions.add_parser("show", help="a worklist's files, likely fractures first")
    reading = actions.add_parser("read", help="read what still waits in a worklist")
    exporting = actions.add_parser("export", help="a worklist as a table")
    deleting = actions.add_parser("delete", help="delete a worklist and the copies of its files")
    for action in (showing, reading, exporting, deleting):
        action.add_argument("id", metavar="ID")
    exporting.add_argument("--csv", type=Path, metavar="FILE")
    exporting.add_argument("--xlsx", type=Path, metavar="FILE")
    for action in (creating, reading):
        action.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"], help="processor")
    for action in (listing, creating, showing, reading):
        action.add_argument("--json", action="store_true", help="one JSON object a worklist, with its files")


def run(arguments: argparse.Namespace) -> int:
    action = {None: _list, "list": _list, "create": _create, "show": _show, "read": _read, "export": _export}
    return action.get(arguments.action, _delete)(arguments)


def _list(arguments: argparse.Namespace) -> int:
    from fracture_core.records import list_worklists

    worklists = list_worklists()
    for worklist in worklists:
        print(_dump(asdict(worklist)) if arguments.json else _describe(worklist))
    if not worklists and not arguments.json:
        print("There is no worklist yet. Make one: python -m fracture_core worklist create PATH")
    return 0


def _create(arguments: argparse.Namespace) -> int:
    from fracture_core.networks import find_checkpoint
    from fracture_core.records import create_from_path

    checkpoint = find_checkpoint(arguments.checkpoint)
    arguments.id = create_from_path(arguments.path, checkpoint, title=arguments.title)
    return _read(arguments)


def _read(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fracture_core.base import WorklistError, get_settings
    from fracture_core.reading import Predictor
    from fracture_core.records import go_on_reading, read_worklist, read_worklist_files

    device = arguments.device or get_settings().device
    worklist = read_worklist(arguments.id)
    if worklist.stopped:
        go_on_reading(worklist.id)
    with tqdm(total=worklist.progress.waiting, file=sys.stderr, unit="file") as bar:
        if not read_worklist_files(worklist.id, lambda checkpoint: Predictor(checkpoint, device), bar.update):
            raise WorklistError(
                "Another process is reading this worklist, or its files are on another machine.",
                f"See how far it is: python -m fracture_core worklist show {worklist.id}",
            )
    return _show(arguments)


def _show(arguments: argparse.Namespace) -> int:
    from fracture_core.records import read_items, read_worklist, sort_items

    worklist = read_worklist(arguments.id)
    items = sort_items(read_items(worklist.id))
    if arguments.json:
        print(_dump(asdict(worklist) | {"items": [_hide(item) for item in items]}))
        return 0
    print(_describe(worklist))
    for item in items:
        print(f"  {item.number:>5}  {item.name}: {_word(item)}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from fracture_core.base import write_atomically
    from fracture_core.records import build_worklist_csv, build_worklist_xlsx, read_items, read_worklist
    from fracture_core.store import log_export

    if not arguments.csv and not arguments.xlsx:
        print("error: say what to export to: --csv FILE, --xlsx FILE, or both.", file=sys.stderr)
        return 2
    worklist = read_worklist(arguments.id)
    items = read_items(worklist.id)
    log_export(worklist.id, what="worklist", files=len(items))
    for path, write in ((arguments.csv, build_worklist_csv), (arguments.xlsx, build_worklist_xlsx)):
        if path:
            write_atomically(path, write(worklist, items))
            print(f"written: {path}")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    from fracture_core.records import delete_worklist

    delete_worklist(arguments.id)
    print(f"deleted: {arguments.id}")
    return 0


def _describe(worklist: "Worklist") -> str:
    progress = worklist.progress
    parts = [f"{progress.done} read"]
    parts += [f"{progress.failed} could not be read"] if progress.failed else []
    parts += [f"{progress.waiting} wait"] if progress.waiting else []
    parts += ["stopped"] if worklist.stopped else []
    parts += [f"{worklist.left_out} other files left out"] if worklist.left_out else []
    parts += [worklist.problem] if worklist.problem else []
    return f"{worklist.id}  {worklist.title}: {', '.join(parts)} ({worklist.model} {worklist.model_sha256[:8]})"


def _word(item: "WorklistItem") -> str:
    from fracture_core.doors.report.texts import CALL_WORDS

    if item.is_refused:
        return f"refused: {' '.join(item.refusals)}"
    if item.shown_call and item.shown_p is not None:
        return f"{CALL_WORDS[item.shown_call]}, p = {item.shown_p:.2f}"
    return f"not read: {item.reason}" if item.status == "failed" else item.status


def _hide(item: "WorklistItem") -> dict[str, Any]:
    """Return an item's fields; the reading of a refused picture is left out, as on the page."""
    fields = asdict(item)
    return fields | {"label": "", "call": None, "p_fracture": None} if item.is_refused else fields


def _dump(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, default=str)
