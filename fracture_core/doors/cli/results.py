"""``results``: write the results, the model cards and the reference of commands. Apart: a file a command."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the documents (default: docs)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a document is not up to date")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.base import write_atomically
    from fracture_core.doors.cli.reference import build_reference
    from fracture_core.doors.documents.write import DOCS_DIR, find_outdated, write_documents

    directory = arguments.out or DOCS_DIR
    reference, text = directory / "commands.md", build_reference()
    if arguments.check:
        outdated = find_outdated(directory)
        if not reference.exists() or reference.read_text("utf-8") != text:
            outdated.append(reference)
        for path in outdated:
            print(f"{path} is not what its files say: write it anew, or delete it if its checkpoint is gone")
        return int(bool(outdated))
    written = write_documents(directory)
    write_atomically(reference, text.encode("utf-8"))
    for path in (*written, reference):
        print(path)
    return 0
