"""``checkpoints``: list what can be used, with its figures."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.cli.evaluation_text import print_evaluation
    from fracture_core.evaluation.kept import find_evaluations
    from fracture_core.registry import list_checkpoints

    checkpoints = list_checkpoints()
    for checkpoint in checkpoints:
        manifest = checkpoint.manifest
        evaluations = find_evaluations(checkpoint)
        if arguments.json:
            figures = [evaluation.model_dump(mode="json", exclude={"predictions"}) for evaluation in evaluations]
            line = {"name": checkpoint.name, "manifest": manifest.model_dump(mode="json"), "evaluations": figures}
            print(json.dumps(line))
            continue
        data = ", ".join(record.name for record in manifest.data)
        print(f"{checkpoint.name}  {manifest.weights_sha256[:12]}  trained {manifest.created_at} on {data}")
        for evaluation in evaluations:
            print_evaluation(evaluation)
    if not checkpoints:
        print("There is no checkpoint yet. Train one: python -m fracture_core train --data DIR")
    return 0
