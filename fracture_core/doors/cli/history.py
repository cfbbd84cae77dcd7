"""``history``: every reading that was kept; find, show, export and delete them."""

import argparse
import json
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fracture_core.reading import HistoryFilters, ReadingRecord

_FILTERS = {
    "search": "first digits of a reading's id or of a file's SHA-256, or part of a person's name",
    "who": "whose readings",
    "source": "by which way: page, command line, worklist, API or PACS",
    "region": "body part",
    "call": "positive, uncertain or negative",
    "by-model": "name of the checkpoint",
    "refused": "yes, overridden or no",
    "from-day": "first day, such as 2026-11-23, in UTC",
    "to-day": "last day",
    "sha256": "of the file",
    "worklist": "id of the worklist",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="readings, the newest first (what is done without an action)")
    showing = actions.add_parser("show", help="one reading with all that is kept of it")
    exporting = actions.add_parser("export", help="readings as a table")
    actions.add_parser("prune", help="remove readings older than the setting history_days")
    deleting = actions.add_parser("delete", help="delete a reading, with what people said of it and its picture")
    for each in (parser, listing, exporting):
        for name, words in _FILTERS.items():
            each.add_argument(f"--{name}", default="", metavar="TEXT", help=words)
    for each in (parser, listing):
        each.add_argument("--file", type=Path, metavar="FILE", help="readings of this file; it is not read again")
        each.add_argument("--limit", type=int, default=20, metavar="N", help="readings (default 20)")
        each.add_argument("--before", type=int, metavar="NUMBER", help="go on before this reading's number")
    for each in (showing, deleting):
        each.add_argument("id", metavar="ID")
    exporting.add_argument("--csv", type=Path, required=True, metavar="FILE")
    deleting.add_argument("--why", required=True, metavar="REASON", help="stays in the audit log")
    for each in (parser, listing, showing):
        each.add_argument("--json", action="store_true", help="one JSON object a reading")


def run(arguments: argparse.Namespace) -> int:
    action = {None: _list, "list": _list, "show": _show, "export": _export, "prune": _prune, "delete": _delete}
    return action[arguments.action](arguments)


def _list(arguments: argparse.Namespace) -> int:
    from fracture_core.reading import list_readings

    filters = _build_filters(arguments)
    page = list_readings(filters, before=arguments.before, limit=max(1, min(arguments.limit, 10_000)))
    for record in page.readings:
        print(_dump(record) if arguments.json else _word(record))
    if page.older is not None:
        print(f"older ones: --before {page.older}", file=sys.stderr)
    if not page.readings:
        print("no reading passes", file=sys.stderr)
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from fracture_core.reading import find_reading

    record = find_reading(arguments.id)
    if arguments.json:
        print(_dump(record))
    else:
        for name, value in _hide(record).items():
            if value not in ("", None, ()):
                print(f"{name:15} {'; '.join(value) if isinstance(value, tuple) else value}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli.outputs import write_output_with
    from fracture_core.reading import iterate_readings, write_readings_csv
    from fracture_core.store import log_export

    filters = _build_filters(arguments)
    log_export("readings", filters=filters.to_params())

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(write_readings_csv(iterate_readings(filters)))

    write_output_with(arguments.csv, write)
    print(f"written: {arguments.csv}")
    return 0


def _prune(arguments: argparse.Namespace) -> int:
    from fracture_core.base import get_settings
    from fracture_core.records import remove_old_readings, sweep_pictures

    days = get_settings().history_days
    removed, swept = remove_old_readings(), sweep_pictures()
    print(
        f"{removed:,} readings older than {days} days removed" if days else "readings are kept for good: history_days"
    )
    if swept:
        print(f"{swept:,} pictures without a reading removed")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    from fracture_core.records import delete_reading
    from fracture_core.store import name_system_user

    delete_reading(arguments.id, name_system_user() or "command line", arguments.why)
    print(f"deleted: {arguments.id}")
    return 0


def _build_filters(arguments: argparse.Namespace) -> "HistoryFilters":
    from fracture_core.radiographs import read_file_bytes
    from fracture_core.reading import HistoryFilters

    params = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name in _FILTERS}
    if getattr(arguments, "file", None):
        params["sha256"] = sha256(read_file_bytes(arguments.file)).hexdigest()
    return HistoryFilters.from_params(params)


def _word(record: "ReadingRecord") -> str:
    from fracture_core.doors.report.texts import CALL_WORDS

    call = "refused" if record.shown_call is None else f"{CALL_WORDS[record.shown_call]}, p = {record.shown_p:.2f}"
    who = f" by {record.who}" if record.who else ""
    part = f", {record.region}" if record.region else ""
    return f"{record.id}  {record.at:%Y-%m-%d %H:%M}  {call}{part} ({record.model}, {record.source}{who})"


def _hide(record: "ReadingRecord") -> dict[str, Any]:
    """Return a reading's fields; of a refused picture no reading is told, as on the page."""
    fields = asdict(record)
    return fields | {"label": "", "call": None, "p_fracture": None} if record.is_refused else fields


def _dump(record: "ReadingRecord") -> str:
    return json.dumps(_hide(record), ensure_ascii=False, default=str)
