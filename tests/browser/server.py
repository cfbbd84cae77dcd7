"""A Streamlit server of our own: free port, output to a file, stopped by its pid."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fracture_core.base.settings import PROJECT_DIR

START_TIMEOUT_S = 60.0


@contextmanager
def run_server(
    log_path: Path, folders: dict[str, Path], script: str = "streamlit_app.py", base_path: str = ""
) -> Iterator[str]:
    """Serve the app until the block ends; yield its address.

    Args:
        log_path: takes what the server prints.
        folders: ``checkpoints_dir``, ``state_dir``, ``data_dir``, as in the settings.
        script: what is served, from the project's folder.
        base_path: below which it is served, as behind a proxy.
    """
    port = find_free_port()
    environment = os.environ | {f"FRACTURE_{name.upper()}": str(path) for name, path in folders.items()}
    environment["OMP_NUM_THREADS"] = "1"  # threads that wait for each other on a busy machine are slower than one
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.address",
        "127.0.0.1",
        "--server.port",
        str(port),
        "--server.fileWatcherType",
        "none",
        "--server.baseUrlPath",
        base_path,
    ]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/{base_path}".rstrip("/")
        wait_until_healthy(url, process, log_path)
        yield url
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server; one that still waits for a browser to say goodbye is not waited for long."""
    process.terminate()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def find_free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    """Return when the server answers; fail with its output if it ends or stays silent."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log_path.read_text(errors='replace')[-2000:]}")
