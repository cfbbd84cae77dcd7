"""``feedback``: say what one thinks of readings; how readers and the model agree; judged radiographs to Retrain."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    giving = actions.add_parser("give", help="agree or disagree with a reading; a person's last word counts")
    giving.add_argument("id", metavar="ID", help="of the reading")
    word = giving.add_mutually_exclusive_group()
    word.add_argument(
        "--agree", dest="agrees", action="store_true", default=None, help="with a positive or negative call"
    )
    word.add_argument(
        "--disagree", dest="agrees", action="store_false", default=None, help="with it; name the label too"
    )
    giving.add_argument("--label", choices=["fractured", "not fractured"], help="what it is; needed unless you agree")
    giving.add_argument("--region", default="", metavar="WORD", help="body part, such as ankle")
    giving.add_argument("--note", default="", metavar="TEXT")
    telling = actions.add_parser("list", help="all that was said of one reading; without ID the judged readings")
    telling.add_argument("id", nargs="?", metavar="ID")
    differing = actions.add_parser("disagreements", help="readings that a reader disagrees with, newest first")
    differing.add_argument(
        "--between", choices=["model", "readers"], default="model", help="reader and model, or two readers"
    )
    for each in (telling, differing):
        _add_filters(each)
        each.add_argument("--limit", type=int, default=20, metavar="N", help="readings (default 20)")
        each.add_argument("--before", type=int, metavar="NUMBER", help="only those judged before this one")
    counting = actions.add_parser("agreement", help="how often readers agree, with intervals; and whether that drifts")
    counting.add_argument("--by", choices=["all", "month", "week", "region", "model", "call"], default="all")
    _add_filters(counting)
    handing = actions.add_parser("hand-over", help="into the data set 'reviewed', to train on")
    handing.add_argument("ids", nargs="*", metavar="ID", help="of judged readings")
    handing.add_argument("--all", action="store_true", help="all judged readings")
    handing.add_argument("--take-back", action="store_true", help="take them out again")
    for each in (giving, handing):
        each.add_argument("--who", help="who says so (default: your user name)")
    for each in (giving, telling, differing, counting):
        each.add_argument("--json", action="store_true", help="JSON, for other programs")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.cli import feedback_text

    actions = {
        "give": _give,
        "list": feedback_text.print_list,
        "disagreements": feedback_text.print_disagreements,
        "agreement": feedback_text.print_agreement,
        "hand-over": _hand_over,
    }
    return actions[arguments.action](arguments)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    for name, what in (
        ("call", "positive, uncertain or negative"),
        ("region", "body part"),
        ("model", "its name"),
        ("person", "who judged it"),
        ("start", "first day, such as 2026-05-31"),
        ("end", "last day"),
    ):
        parser.add_argument(f"--{name}", default="", metavar="WORD", help=f"only readings of this: {what}")


def _give(arguments: argparse.Namespace) -> int:
    from fracture_core.datasets import LABELS
    from fracture_core.doors.cli.feedback_text import describe_feedback
    from fracture_core.records import give_feedback

    label = LABELS.index(arguments.label) if arguments.label else None
    kept = give_feedback(
        arguments.id,
        who=_name(arguments),
        agrees=arguments.agrees,
        label=label,
        region=arguments.region,
        note=arguments.note,
    )
    print(json.dumps(describe_feedback(kept)) if arguments.json else f"kept: {kept.who} says {LABELS[kept.label]}")
    return 0


def _hand_over(arguments: argparse.Namespace) -> int:
    from fracture_core.records import hand_back_readings, hand_over_readings, read_judged

    ids = [each.reading_id for each in read_judged()] if arguments.all else arguments.ids
    if arguments.take_back:
        print(f"{len(hand_back_readings(ids, _name(arguments)))} taken out of the data set 'reviewed'")
        return 0
    done = hand_over_readings(ids, _name(arguments))
    print(f"{len(done.added)} of {len(set(ids))} are in the data set 'reviewed' now")
    for reading_id, reason in done.refused.items():
        print(f"refused: {reading_id}: {reason}", file=sys.stderr)
    for remark in done.remarks:
        print(f"note: {remark}", file=sys.stderr)
    return 0 if done.added or not done.refused else 1


def _name(arguments: argparse.Namespace) -> str:
    from fracture_core.store import name_system_user

    return str(arguments.who) if arguments.who is not None else name_system_user()
