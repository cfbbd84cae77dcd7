"""The API on a real port: in a thread of the test, or in a process that can be killed."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from fracture_core.base.settings import PROJECT_DIR

START_TIMEOUT_S = 60.0


@contextmanager
def run_in_thread(app: ASGIApp) -> Iterator[str]:
    """Serve an application until the block ends; yield its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def start_serve(settings: dict[str, object], log_path: Path, port: int = 0) -> tuple["subprocess.Popen[bytes]", str]:
    """Start ``python -m fracture_core serve``; return the process and its address once it answers."""
    environment = os.environ | {f"FRACTURE_{name.upper()}": str(value) for name, value in settings.items()}
    environment["OMP_NUM_THREADS"] = "1"
    command = [sys.executable, "-m", "fracture_core", "serve", "--port", str(port)]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stdout=log, stderr=log)
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline_s:
        if found := re.search(r"http://[\d.]+:\d+", log_path.read_text()):
            return process, found.group()
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"The API did not start:\n{log_path.read_text()[-2000:]}")
