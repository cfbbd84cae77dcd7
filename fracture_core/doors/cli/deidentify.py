"""``deidentify``: write a radiograph's file without patient data. Apart: a file a command."""

import argparse
import sys
from hashlib import sha256
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a radiograph: DICOM, JPEG, PNG or TIFF")
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write; must not exist")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.base import DeidentificationError
    from fracture_core.doors.cli.outputs import write_output
    from fracture_core.radiographs import deidentify_file, read_file_bytes
    from fracture_core.store import log_export

    if arguments.out.exists():
        raise DeidentificationError("There is a file or folder of that name already.", "Choose another name for OUT.")
    data = read_file_bytes(arguments.file)
    stripped = deidentify_file(data)
    log_export(sha256(data).hexdigest(), what="de-identified file")
    write_output(arguments.out, stripped.data)
    print(f"{stripped.file_type} written without patient data.")
    for warning in stripped.warnings:
        print(f"note: {warning}", file=sys.stderr)
    return 0
