"""``serve``: the API without the pages. Apart: a file a command."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8502, help="0 takes a free one (default: 8502)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine alone)")


def run(arguments: argparse.Namespace) -> int:
    from fracture_core.doors.api.serve import serve

    serve(arguments.host, arguments.port)
    return 0
