"""How many readings a second the API gives, and how long each takes, with 1, 4 and 16 clients; on the model in use.

    python -m tests.benchmark.api [--json]

The server is a process of its own on this machine, with one thread of the processor, as is the bare model that it is
compared with: decoding, reading and gate in one process, without HTTP and database. Files are drawn phantoms.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import requests
import torch

from fracture_core.base.allocator import keep_freed_memory
from fracture_core.base.settings import get_settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading.loaded import get_predictor, get_suitability_check
from tests.api_server import start_serve
from tests.tiny_world import encode_phantom

CLIENTS = (1, 4, 16)
READINGS = 48  # for each number of clients
ROUNDS = 24  # of one bare reading and one over HTTP in turn


def main() -> None:
    keep_freed_memory()  # as the server does
    torch.set_num_threads(1)
    files = [encode_phantom(seed, size_px=512) for seed in range(READINGS)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FRACTURE_STATE_DIR"] = folder
        get_settings.cache_clear()
        process, url = start_serve({}, Path(folder) / "serve.log")
        try:
            started_s = time.perf_counter()
            requests.get(f"{url}/readyz", timeout=300).raise_for_status()
            first_ready_ms = (time.perf_counter() - started_s) * 1000
            record = build_record(first_ready_ms, url, files)
        finally:
            process.terminate()
            process.wait()
    if "--json" in sys.argv:
        print(json.dumps(record, indent=2))
        return
    for name, value in record.items():
        print(name, value)


def build_record(first_ready_ms: float, url: str, files: list[bytes]) -> dict[str, object]:
    bare_ms, alone_ms = compare(url, files)
    ready_ms = [time_ms(lambda: requests.get(f"{url}/readyz", timeout=60).raise_for_status()) for _ in range(20)]
    return {
        "title": f"The API on '{find_checkpoint().name}', one thread, drawn phantoms of 512 px",
        "command": "python -m tests.benchmark.api --json",
        "cores": os.cpu_count(),
        "load of the machine": round(os.getloadavg()[0], 1),
        "first /readyz, which loads the model, ms": round(first_ready_ms),
        "/readyz then, median ms": round(statistics.median(ready_ms), 1),
        "bare reading, median ms": round(bare_ms),
        "the same over HTTP and kept, median ms": round(alone_ms),
        "ratio": round(alone_ms / bare_ms, 2),
        "clients": [measure(url, files, count) for count in CLIENTS],
    }


def compare(url: str, files: list[bytes]) -> tuple[float, float]:
    """Return the median ms of a bare reading and of one over HTTP, taken in turn."""
    checkpoint = find_checkpoint()
    predictor, gate = get_predictor(checkpoint), get_suitability_check(checkpoint)

    def read(data: bytes) -> None:
        radiograph = read_radiograph(data)
        reading = predictor.read(radiograph)
        gate.check(radiograph, reading.features, read_features=lambda shown: predictor.read(shown).features)

    read(files[0])
    ask(url, files[0])
    pairs = [(time_ms(partial(read, data)), ask(url, data)) for data in files[:ROUNDS]]
    return statistics.median(bare for bare, _ in pairs), statistics.median(over for _, over in pairs)


def measure(url: str, files: list[bytes], clients: int) -> dict[str, object]:
    """Return throughput and latency of so many clients that each ask again as soon as they are answered."""
    started_s = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times_ms = sorted(pool.map(lambda data: ask(url, data), files))
    seconds = time.perf_counter() - started_s
    return {
        "clients": clients,
        "readings": len(files),
        "readings a second": round(len(files) / seconds, 2),
        "median ms": round(statistics.median(times_ms)),
        "95th percentile ms": round(times_ms[int(0.95 * len(times_ms))]),
    }


def ask(url: str, data: bytes) -> float:
    """Return how many ms a reading over HTTP takes."""
    return time_ms(
        lambda: requests.post(f"{url}/api/v1/readings", files={"file": data}, timeout=300).raise_for_status()
    )


def time_ms(work: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    work()
    return (time.perf_counter() - started_s) * 1000


if __name__ == "__main__":
    main()
