"""``predict``: read radiographs, one line a file; a bad file does not stop the rest."""

import argparse
import json
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.doors.cli.arguments import add_checkpoint_argument

if TYPE_CHECKING:
    from fracture_core.reading import Finding, NotRead, Override, ReadFile, ReadRequest

_CALLS = {
    "positive": "fracture suspected",
    "uncertain": "uncertain - look closely",
    "negative": "no fracture suspected",
}
BATCH_SIZE = 8  # small, so that the bar moves and few pictures wait in memory


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a radiograph, or a folder read recursively"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_checkpoint_argument(parser)
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"], help="processor")
    parser.add_argument("--frame", type=int, default=0, help="frame of a multi-frame file, from 0")
    parser.add_argument("--override", metavar="REASON", help="read also what is refused; the reason is kept")
    parser.add_argument("--no-history", action="store_true", help="keep nothing of it in the history")


def run(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fracture_core.base import get_settings
    from fracture_core.doors.cli.outputs import warn_of_lost
    from fracture_core.networks import find_checkpoint
    from fracture_core.radiographs import read_file_bytes
    from fracture_core.reading import (
        HistoryKeeper,
        LoadedCheckpoint,
        NotRead,
        ReadRequest,
        check_reason,
        read_stream,
    )
    from fracture_core.store import name_system_user

    if arguments.override is not None:
        check_reason(arguments.override)
    files = _list_files(arguments.files)
    checkpoint = find_checkpoint(arguments.checkpoint)
    loaded = LoadedCheckpoint.on(checkpoint, arguments.device or get_settings().device)
    keeper, who = HistoryKeeper(is_on=not arguments.no_history), name_system_user()
    show = _show_json if arguments.json else _show_line
    failed, waiting = not files, iter(files)
    if not files:
        print("error: there is no radiograph in what was given.", file=sys.stderr)

    def fetch(path: Path) -> "tuple[bytes, ReadRequest]":
        why = arguments.override or ""
        return read_file_bytes(path), ReadRequest(
            checkpoint, "command line", who, path.name, arguments.frame, override_why=why
        )

    with tqdm(total=len(files), file=sys.stderr, unit="file", disable=len(files) < 2) as bar:
        for batch in read_stream(lambda: list(islice(waiting, BATCH_SIZE)), fetch, loaded):
            warn_of_lost(keeper.keep([read for _, read in batch if not isinstance(read, NotRead)]))
            for path, read in batch:
                failed |= isinstance(read, NotRead) or read.is_refused
                with bar.external_write_mode(file=sys.stdout):
                    show(path, read)
            bar.update(len(batch))
    return int(failed)


def _list_files(paths: list[Path]) -> list[Path]:
    from fracture_core.datasets import find_image_files

    files: list[Path] = []
    for path in paths:
        files += sorted(find_image_files(path)) if path.is_dir() else [path]
    return files


def _show_json(path: Path, read: "ReadFile | NotRead") -> None:
    print(json.dumps({"file": str(path)} | _describe_file(read), ensure_ascii=False), flush=True)


def _describe_file(read: "ReadFile | NotRead") -> dict[str, object]:
    from fracture_core.reading import NotRead

    if isinstance(read, NotRead):
        return {"error": read.reason}
    reading = read.reading
    line: dict[str, object] = {}
    if read.is_refused:
        line["refused"] = True
    else:
        line |= {"label": reading.label, "call": reading.call, "p_fracture": round(reading.p_fracture, 6)}
    line["notes"] = [*read.radiograph.warnings, *reading.notices]
    line["findings"] = [_describe_finding(finding) for finding in read.suitability.concerns]
    if read.override:
        line["override"] = _describe_override(read.override)
    made: dict[str, object] = {
        "model": reading.model,
        "model_sha256": reading.model_sha256,
        "elapsed_ms": round(read.elapsed_ms, 1),
    }
    return line | made


def _describe_finding(finding: "Finding") -> dict[str, object]:
    described: dict[str, object] = {
        "kind": finding.kind,
        "severity": finding.severity,
        "words": finding.words,
        "advice": finding.advice,
    }
    if finding.value is not None:
        described |= {"value": round(finding.value, 4), "limit": finding.limit}
    return described | ({"correction": finding.correction} if finding.correction else {})


def _describe_override(decision: "Override") -> dict[str, object]:
    at = decision.at.isoformat(timespec="seconds")
    return {"by": decision.by, "why": decision.why, "kinds": list(decision.kinds), "at": at}


def _show_line(path: Path, read: "ReadFile | NotRead") -> None:
    from fracture_core.reading import NotRead

    if isinstance(read, NotRead):
        print(f"{path}: not read: {read.reason}", flush=True)
        return
    reading = read.reading
    made = f"by {reading.model} {reading.model_sha256[:8]}, {read.elapsed_ms:.0f} ms"
    if read.is_refused:
        print(f"{path}: refused ({made}); --override REASON reads it all the same", flush=True)
    else:
        override = f"; refused, but read because: {read.override.why}" if read.override else ""
        print(f"{path}: {_CALLS[reading.call]}, p = {reading.p_fracture:.2f} ({made}){override}", flush=True)
    for note in (*read.radiograph.warnings, *reading.notices):
        print(f"    note: {note}", flush=True)
    for finding in read.suitability.concerns:
        print(f"    {finding.kind}: {finding.words} {finding.advice}", flush=True)
