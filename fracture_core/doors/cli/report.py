"""``report``: read one radiograph, and write what the model and the reader say of it."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.base import ReportError
from fracture_core.doors.cli.arguments import add_checkpoint_argument

if TYPE_CHECKING:
    from fracture_core.doors.report.build import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a radiograph: DICOM, JPEG, PNG or TIFF")
    parser.add_argument("--pdf", type=Path, metavar="OUT.pdf", help="write the report as a PDF")
    parser.add_argument(
        "--sc", type=Path, metavar="OUT.dcm", help="write a Secondary Capture with the heatmap (DICOM only)"
    )
    parser.add_argument("--sr", type=Path, metavar="OUT.dcm", help="write a Comprehensive SR (DICOM only)")
    add_checkpoint_argument(parser)
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"], help="processor")
    parser.add_argument("--frame", type=int, default=0, help="frame of a multi-frame file, from 0")
    parser.add_argument(
        "--region", default="", metavar="R", help="body part, where the header does not say it or is wrong"
    )
    parser.add_argument("--override", metavar="REASON", help="report also on what is refused; the reason is kept")
    parser.add_argument("--no-history", action="store_true", help="keep nothing of it in the history")
    parser.add_argument("--reader", default="", metavar="NAME", help="who makes the statement")
    parser.add_argument("--answer", default="", choices=["agree", "disagree"], help="what the reader says to the call")
    parser.add_argument("--statement", default="", metavar="TEXT", help="a note of the reader")
    parser.add_argument("--file-name", action="store_true", help="name the file in the PDF (it may name a patient)")
    parser.add_argument("--json", action="store_true", help="the reading and what it means as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli.outputs import write_output
    from fracture_core.doors.dicom_out.capture import build_capture
    from fracture_core.doors.dicom_out.source import read_source
    from fracture_core.doors.dicom_out.structured_report import build_structured_report
    from fracture_core.doors.report.pdf import render_pdf
    from fracture_core.radiographs import read_file_bytes
    from fracture_core.store import log_export

    _check_outputs(arguments)
    data = read_file_bytes(arguments.file)
    source = read_source(data) if arguments.sc or arguments.sr else None
    report = _read(data, arguments)
    # All are made before the first is written: what cannot be made leaves nothing behind.
    made: list[tuple[Path, bytes]] = []
    if arguments.pdf:
        made.append((arguments.pdf, render_pdf(report)))
    if source and arguments.sc:
        made.append((arguments.sc, build_capture(report, source)))
    if source and arguments.sr:
        made.append((arguments.sr, build_structured_report(report, source)))
    if made:
        log_export(report.radiograph.sha256, what="report", kinds=[path.suffix for path, _ in made])
    for path, content in made:
        write_output(path, content)
    show = _show_json if arguments.json else _show_text
    show(report, [path for path, _ in made])
    return 0


def _check_outputs(arguments: argparse.Namespace) -> None:
    outputs = [path for path in (arguments.pdf, arguments.sc, arguments.sr) if path]
    places = [path.resolve() for path in (arguments.file, *outputs)]
    if len(set(places)) < len(places):
        raise ReportError("Two of the files named are one and the same.", "Give each output a name of its own.")
    if any(path.is_dir() for path in outputs):
        raise ReportError("An output is a folder.", "Name a file in it.")


def _read(data: bytes, arguments: argparse.Namespace) -> "Report":
    from fracture_core.base import get_settings
    from fracture_core.doors.cli.outputs import warn_of_lost
    from fracture_core.doors.report.build import build_report
    from fracture_core.doors.report.statement import Statement
    from fracture_core.networks import find_checkpoint
    from fracture_core.reading import HistoryKeeper, LoadedCheckpoint, ReadRequest, check_reason, read_file
    from fracture_core.store import name_system_user

    if arguments.override is not None:
        check_reason(arguments.override)
    is_said = arguments.reader or arguments.answer or arguments.statement
    statement = Statement(arguments.reader, arguments.answer, arguments.statement) if is_said else None
    checkpoint = find_checkpoint(arguments.checkpoint)
    request = ReadRequest(
        checkpoint,
        "command line",
        who=name_system_user(),
        name=arguments.file.name,
        frame=arguments.frame,
        region=arguments.region,
        override_why=arguments.override or "",
    )
    read = read_file(data, request, LoadedCheckpoint.on(checkpoint, arguments.device or get_settings().device))
    warn_of_lost(HistoryKeeper(is_on=not arguments.no_history).keep([read]))
    if read.is_refused:
        refusals = " ".join(read.suitability.list_words("refused"))
        raise ReportError(f"The picture is refused. {refusals}", "--override REASON reads it all the same.")
    return build_report(
        read.annotate(),
        read.reading,
        checkpoint,
        at=datetime.now().astimezone(),
        body_part=arguments.region,
        statement=statement,
        file_name=arguments.file.name if arguments.file_name else "",
    )


def _show_json(report: "Report", written: list[Path]) -> None:
    from fracture_core.doors.report.texts import list_limits, list_notices

    reading = report.reading
    found = {
        "call": reading.call,
        "p_fracture": round(reading.p_fracture, 6),
        "model": reading.model,
        "model_sha256": reading.model_sha256,
        "body_part": report.meaning.body_part,
        "meaning": report.meaning.sentences,
        "limits": list_limits(report),
        "notices": list_notices(report),
        "written": [str(path) for path in written],
    }
    print(json.dumps(found, ensure_ascii=False))


def _show_text(report: "Report", written: list[Path]) -> None:
    from fracture_core.doors.report.texts import SUPPORTS, list_limits, list_notices, word_call

    print(f"{word_call(report)}, p = {report.reading.p_fracture:.2f} ({report.reading.model})")
    for sentence in (*report.meaning.sentences, *list_notices(report), *list_limits(report), SUPPORTS):
        print(f"  {sentence}")
    for path in written:
        print(f"written: {path}")
