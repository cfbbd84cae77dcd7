"""``checkpoints``: list what can be used, promote one into use, roll back, and how it came about."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fracture_core.networks import ServingRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    one_a_line: dict[str, Any] = {"action": "store_true", "help": "one JSON object a line"}
    parser.add_argument("--json", **one_a_line)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    # SUPPRESS: what was given before the action must not be forgotten
    actions.add_parser("list", help="what can be used, with its figures (the default)").add_argument(
        "--json", default=argparse.SUPPRESS, **one_a_line
    )
    actions.add_parser("history", help="which model was in use when, by whom and why").add_argument(
        "--json", default=argparse.SUPPRESS, **one_a_line
    )
    promote = actions.add_parser("promote", help="take a checkpoint into use, after the gate has compared it")
    promote.add_argument("name", metavar="NAME")
    promote.add_argument("--force", action="store_true", help="against the gate's verdict; say why in --reason")
    rollback = actions.add_parser("rollback", help="take the model before the one in use into use again")
    for action in (promote, rollback):
        action.add_argument("--reason", required=True, help="kept in the history")
        action.add_argument("--who", default=None, help="who decides (default: your user name)")


def run(arguments: argparse.Namespace) -> int:
    action = {"promote": _promote, "rollback": _roll_back, "history": _show_history}.get(arguments.action, _list)
    return action(arguments)


def _promote(arguments: argparse.Namespace) -> int:
    from fracture_core.evaluation import promote_checkpoint

    _tell(promote_checkpoint(arguments.name, who=_name(arguments), reason=arguments.reason, force=arguments.force))
    return 0


def _roll_back(arguments: argparse.Namespace) -> int:
    from fracture_core.evaluation import roll_back_promotion

    _tell(roll_back_promotion(who=_name(arguments), reason=arguments.reason))
    return 0


def _show_history(arguments: argparse.Namespace) -> int:
    from fracture_core.networks import find_served_name, list_serving_history

    records = list_serving_history()
    for record in records:
        if arguments.json:
            print(record.model_dump_json())
            continue
        how = "rolled back to" if record.action == "rollback" else "promoted"
        verdict = f"; verdict: {record.verdict}{', forced' if record.forced else ''}" if record.verdict else ""
        print(
            f"{record.number}  {record.at:%Y-%m-%d %H:%M} UTC  {how} {record.checkpoint} instead of {record.previous}"
        )
        print(f"   {record.who}: {record.reason}{verdict}")
    if not records and not arguments.json:
        print(f"Nothing was ever promoted here; '{find_served_name()}' is in use by the settings.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from fracture_core.base import CheckpointError
    from fracture_core.doors.cli.evaluation_text import print_evaluation
    from fracture_core.evaluation import find_evaluations
    from fracture_core.networks import find_checkpoint, find_served_name, list_checkpoints

    checkpoints, served = list_checkpoints(), find_served_name()
    for checkpoint in checkpoints:
        manifest = checkpoint.manifest
        evaluations = find_evaluations(checkpoint)
        if arguments.json:
            figures = [evaluation.model_dump(mode="json", exclude={"predictions"}) for evaluation in evaluations]
            line = {
                "name": checkpoint.name,
                "in_use": checkpoint.name == served,
                "manifest": manifest.model_dump(mode="json"),
                "evaluations": figures,
            }
            print(json.dumps(line))
            continue
        data = ", ".join(record.name for record in manifest.data)
        in_use = "  in use" if checkpoint.name == served else ""
        print(f"{checkpoint.name}  {manifest.weights_sha256[:12]}  trained {manifest.created_at} on {data}{in_use}")
        for evaluation in evaluations:
            print_evaluation(evaluation)
    if not checkpoints:
        print("There is no checkpoint yet. Train one: python -m fracture_core train --data DIR")
        return 0
    try:
        find_checkpoint()
    except CheckpointError as error:
        print(f"warning: {error}", file=sys.stderr)
    return 0


def _tell(record: "ServingRecord") -> None:
    print(f"{record.checkpoint} is in use now, instead of {record.previous} (change {record.number})")


def _name(arguments: argparse.Namespace) -> str:
    from fracture_core.store import name_system_user

    if arguments.who is not None:
        return str(arguments.who)
    return name_system_user()
