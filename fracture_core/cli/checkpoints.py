"""``checkpoints``: list what can be used."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.registry import list_checkpoints

    checkpoints = list_checkpoints()
    for checkpoint in checkpoints:
        manifest = checkpoint.manifest
        data = ", ".join(record.name for record in manifest.data)
        if arguments.json:
            line = {"name": checkpoint.name, "sha256": manifest.weights_sha256, "created_at": manifest.created_at, "data": data}
            print(json.dumps(line))
        else:
            print(f"{checkpoint.name:<40}{manifest.weights_sha256[:12]}  {manifest.created_at}  {data}")
    if not checkpoints:
        print("There is no checkpoint yet. Train one: python -m fracture_core train --data DIR")
    return 0
