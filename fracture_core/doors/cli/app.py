"""``app``: the pages, and the API at the same address, by Streamlit's own command.

Apart: each command is a module that the command line finds by its name.
"""

import argparse
import os
import subprocess
import sys

from fracture_core.base import PROJECT_DIR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = f"{parser.prog} [-h] [STREAMLIT OPTIONS]"
    parser.epilog = "Options of `streamlit run` go on to it, such as --server.port 8600 or --server.address 0.0.0.0."
    parser.set_defaults(further=[])


def run(arguments: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT_DIR / "streamlit_app.py"), *arguments.further]
    if os.name != "nt":  # there exec would give the prompt back while the server still runs
        os.execv(command[0], command)  # a signal to this process is a signal to the server
    return subprocess.run(command, check=False).returncode
