"""``failures review``, ``history`` and ``hand-over``: saying what one thinks of radiographs, from the terminal."""

import argparse
import json
import sys


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Add the actions; without one, the failures are listed."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    reviewing = actions.add_parser(
        "review", help="tag files, note, propose a label, mark as reviewed; all of it is kept"
    )
    reviewing.add_argument("--tag", action="append", default=[], dest="new_tags", metavar="TAG")
    reviewing.add_argument("--untag", action="append", default=[], metavar="TAG")
    reviewing.add_argument("--note", metavar="TEXT")
    reviewing.add_argument("--propose", choices=["fractured", "not fractured", "none"], help="the label that is right")
    reviewing.add_argument("--reviewed", dest="mark", choices=["yes", "no"], help="whether it was looked at")
    handing = actions.add_parser("hand-over", help="train on these next: into the data set 'reviewed'")
    telling = actions.add_parser("history", help="all that was said of files, by whom and when")
    for action in (reviewing, handing, telling):
        # SUPPRESS: what was given before the action must not be forgotten
        action.add_argument("--data", default=argparse.SUPPRESS, metavar="DATASET", help="the files' data set; needed")
        action.add_argument("names", nargs="+", metavar="NAME", help="of a file, as the list of failures gives it")
    for action in (reviewing, handing):
        action.add_argument("--who", help="who says so (default: your user name)")
    telling.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a line")


def run_action(arguments: argparse.Namespace) -> int:
    """Do what the action says.

    Raises:
        ReviewError: no data set, a file that it does not have, or something that cannot be kept.
    """
    from fracture_core.base import ReviewError

    if not arguments.data:
        raise ReviewError("It is not said which data set the files are of.", "Name it: --data DATASET.")
    _check_names(arguments.data, arguments.names)
    return {"review": _review, "hand-over": _hand_over, "history": _tell_history}[arguments.action](arguments)


def _check_names(dataset: str, names: list[str]) -> None:
    """Refuse a name that no evaluation of the data set knows: a slip of the pen would be kept for ever."""
    from fracture_core.base import ReviewError
    from fracture_core.evaluation import find_evaluations
    from fracture_core.networks import list_checkpoints

    known = {
        prediction.name
        for checkpoint in list_checkpoints()
        for evaluation in find_evaluations(checkpoint)
        if evaluation.dataset == dataset
        for prediction in evaluation.predictions
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ReviewError(
            f"No evaluation of '{dataset}' has a file '{unknown[0]}'.",
            "Give names as python -m fracture_core failures lists them.",
        )


def _review(arguments: argparse.Namespace) -> int:
    import fracture_core.failures as reviews
    from fracture_core.base import ReviewError
    from fracture_core.datasets import LABELS

    dataset, names, who = arguments.data, arguments.names, _name(arguments)
    asked = (arguments.new_tags, arguments.untag, arguments.note, arguments.propose, arguments.mark)
    if not any(asked):
        raise ReviewError("Nothing is said of the files.", "Give --tag, --untag, --note, --propose or --reviewed.")
    for tag in arguments.new_tags:
        reviews.add_tag(dataset, names, tag, who)
    for tag in arguments.untag:
        reviews.remove_tag(dataset, names, tag, who)
    if arguments.note:
        for name in names:
            reviews.add_note(dataset, name, arguments.note, who)
    if arguments.propose:
        label = None if arguments.propose == "none" else LABELS.index(arguments.propose)
        reviews.propose_label(dataset, names, label, who)
    if arguments.mark:
        reviews.mark_reviewed(dataset, names, arguments.mark == "yes", who)
    print(f"kept for {len(names)} {'file' if len(names) == 1 else 'files'} of {dataset}, by {who}")
    return 0


def _hand_over(arguments: argparse.Namespace) -> int:
    from fracture_core.failures import hand_over_images

    done = hand_over_images(arguments.data, arguments.names, _name(arguments))
    print(f"{len(done.added)} of {len(arguments.names)} are in the data set 'reviewed' now")
    for name, reason in done.refused.items():
        print(f"refused: {name}: {reason}", file=sys.stderr)
    return 0 if done.added or not done.refused else 1


def _tell_history(arguments: argparse.Namespace) -> int:
    from fracture_core.failures import read_history

    for name in arguments.names:
        for event in read_history(arguments.data, name):
            if arguments.json:
                print(json.dumps({**vars(event), "at": event.at.isoformat()}))
            else:
                print(f"{event.at:%Y-%m-%d %H:%M} UTC  {event.who}  {name}  {event.kind}: {event.value or 'none'}")
    return 0


def _name(arguments: argparse.Namespace) -> str:
    from fracture_core.store import name_system_user

    if arguments.who is not None:
        return str(arguments.who)
    return name_system_user()
