"""``results``: write the results and the model cards from the files in the repository."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the documents (default: docs)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a document is not up to date")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.documents.write import DOCS_DIR, find_outdated, write_documents

    directory = arguments.out or DOCS_DIR
    if arguments.check:
        outdated = find_outdated(directory)
        for path in outdated:
            print(f"{path} is not what its files say: write it anew, or delete it if its checkpoint is gone")
        return int(bool(outdated))
    for path in write_documents(directory):
        print(path)
    return 0
