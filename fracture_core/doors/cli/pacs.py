"""``pacs``: studies of the PACS, their results back to it, and the DICOM service."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from fracture_core.doors.cli.arguments import add_checkpoint_argument

if TYPE_CHECKING:
    from fracture_core.doors.pacs.find import FoundStudy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    finding = actions.add_parser("find", help="search for studies (DICOMweb)")
    finding.add_argument("--study", default="", metavar="UID", help="Study Instance UID")
    finding.add_argument("--accession", default="", metavar="NUMBER", help="accession number")
    finding.add_argument("--patient", default="", metavar="ID", help="patient id")
    finding.add_argument("--from", dest="date_from", type=_read_day, metavar="DAY", help="first day, as 2026-11-23")
    finding.add_argument("--to", dest="date_to", type=_read_day, metavar="DAY", help="last day")
    finding.add_argument("--modality", default="", help="such as DX or CR")
    finding.add_argument("--names", action="store_true", help="print the patients' names and ids, too")
    pulling = actions.add_parser("pull", help="read a study's radiographs into a new worklist")
    pulling.add_argument("study", metavar="UID", help="Study Instance UID")
    add_checkpoint_argument(pulling)
    pushing = actions.add_parser("push", help="store Secondary Captures and SRs of a worklist in the PACS")
    pushing.add_argument("worklist", metavar="ID")
    pushing.add_argument("--item", type=int, action="append", default=[], metavar="N", help="only this file; repeat it")
    actions.add_parser("serve", help="take radiographs by DICOM, read them, deliver what is said of them")
    showing = actions.add_parser("status", help="what came by DICOM, and how far it is")
    showing.add_argument("--limit", type=int, default=20, metavar="N", help="so many objects, the latest first")
    retrying = actions.add_parser("retry", help="try an object once more, now")
    retrying.add_argument("id", metavar="ID", help="as status prints it")
    retrying.add_argument("--override", metavar="REASON", help="read what was refused; the reason is kept")
    retrying.add_argument("--who", default="", metavar="NAME", help="who wants it (default: the system's user)")
    actions.add_parser("echo", help="ask whether the PACS and the destination of results can be reached")


def run(arguments: argparse.Namespace) -> int:
    actions = {
        "find": _find,
        "pull": _pull,
        "push": _push,
        "serve": _serve,
        "status": _status,
        "retry": _retry,
        "echo": _echo,
    }
    return actions[arguments.action](arguments)


def _find(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.pacs.find import MOST_STUDIES, StudyFilters, find_studies

    filters = StudyFilters(
        study_uid=arguments.study,
        accession_number=arguments.accession,
        patient_id=arguments.patient,
        date_from=arguments.date_from,
        date_to=arguments.date_to,
        modality=arguments.modality,
    )
    studies = find_studies(filters)
    for study in studies:
        print(_word_study(study, with_names=arguments.names))
    if not studies:
        print("The PACS has no such study.")
    if len(studies) == MOST_STUDIES:
        print(f"Only the first {MOST_STUDIES} are shown. Search for less.", file=sys.stderr)
    return 0


def _pull(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli import worklist
    from fracture_core.doors.pacs.fetch import word_left_out
    from fracture_core.doors.pacs.pull import pull_study
    from fracture_core.networks import find_checkpoint

    pulled = pull_study(arguments.study, find_checkpoint(arguments.checkpoint))
    if pulled.left_out:
        print(f"left out, no radiographs: {word_left_out(pulled.left_out)}")
    return worklist.run(argparse.Namespace(action="read", id=pulled.worklist_id, device=None, json=False))


def _push(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.pacs.push_worklist import push_worklist
    from fracture_core.store import name_system_user

    count = push_worklist(arguments.worklist, arguments.item, who=name_system_user())
    print(f"stored in the PACS: Secondary Capture and SR of {count} radiograph{'' if count == 1 else 's'}")
    return 0


def _serve(_: argparse.Namespace) -> int:
    import signal
    import threading

    from fracture_core.base import get_settings
    from fracture_core.doors.pacs.service import serve

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    settings = get_settings()

    def tell(port: int) -> None:
        print(f"{settings.dimse_aet} listens on {settings.dimse_host}:{port}; Ctrl-C ends it.", flush=True)

    serve(stop, tell)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.pacs.queue import count_objects, list_objects
    from fracture_core.doors.pacs.service import is_running

    counts = count_objects()
    words = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing came yet"
    print(f"The DICOM service {'runs' if is_running() else 'does not run'} here: {words}.")
    for found in list_objects(arguments.limit):
        at = found.received_at.astimezone()
        reading = f", reading {found.reading_id}" if found.reading_id else ""
        print(f"{found.id[:12]}  {at:%Y-%m-%d %H:%M:%S}  from {found.peer or 'unknown'}: {found.status}{reading}")
        if found.reason:
            print(f"    {found.reason}")
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    from fracture_core.base import PacsError
    from fracture_core.doors.pacs.queue import find_object, retry
    from fracture_core.reading import override_reading
    from fracture_core.store import name_system_user

    found = find_object(arguments.id)
    if arguments.override is not None:
        if found.status != "refused":
            raise PacsError("This object is not refused.", "Leave --override out.")
        override_reading(found.reading_id, arguments.who or name_system_user(), arguments.override)
    retry(found.id)
    print(f"{found.id[:12]}: is tried again by the service")
    return 0


def _echo(_: argparse.Namespace) -> int:
    from fracture_core.base import FractureError, SettingsError, get_settings
    from fracture_core.doors.pacs.destination import find_destination
    from fracture_core.doors.pacs.find import check_access
    from fracture_core.doors.pacs.send import echo

    settings, failed = get_settings(), False
    if not settings.pacs_url and not settings.dimse_destination:
        raise SettingsError("No PACS is named.", "Set pacs_url, dimse_destination, or both.")
    peer = find_destination().peer if settings.dimse_destination else None
    asked: list[tuple[str, Callable[[], object]]] = [("DICOMweb", check_access)] if settings.pacs_url else []
    asked += [(f"C-ECHO to {peer.aet}", partial(echo, peer))] if peer else []
    for name, ask in asked:
        try:
            ask()
            print(f"{name}: answers")
        except FractureError as error:
            failed = True
            print(f"{name}: {error}", file=sys.stderr)
    return int(failed)


def _word_study(study: "FoundStudy", *, with_names: bool) -> str:
    parts = [f"{study.on:%Y-%m-%d}" if study.on else "no date", "/".join(study.modalities) or "unknown kind"]
    parts += [study.description] if study.description else []
    parts += [f"{study.objects} objects"] if study.objects is not None else []
    parts += [f"accession {study.accession_number}"] if study.accession_number else []
    parts += [f"{study.patient_name} ({study.patient_id})"] if with_names else []
    text = f"{study.uid}  {', '.join(parts)}"
    return "".join(c for c in text if c.isprintable())


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-11-23") from None
