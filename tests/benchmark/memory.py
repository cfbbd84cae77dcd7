"""How much quicker a reading is with its memory kept (`allocator.py`): processes with and without it, in turn.

    python -m tests.benchmark.memory [--checkpoint NAME] [--json FILE]

Each process reads random squares of the checkpoint's size with a thread, as the server does: one at a time, and
in passes of four and of 32.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

ROUNDS, SECONDS = 3, 4.0
PASSES = (1, 4, 32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="default")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=2, metavar=("HOW", "SIZE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(read(arguments.checkpoint, arguments.child[0] == "kept", int(arguments.child[1]))))
        return
    rows = [compare(arguments.checkpoint, size) for size in PASSES]
    for row in rows:
        print("; ".join(f"{key} {value}" for key, value in row.items()))
    if arguments.json:
        results = {
            "title": "Readings with memory kept between them",
            "command": f"python -m tests.benchmark.memory --checkpoint {arguments.checkpoint}",
            "cores": os.cpu_count(),
            "rows": rows,
        }
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def compare(checkpoint: str, size: int) -> dict[str, object]:
    found: dict[str, list[dict[str, float]]] = {"as usual": [], "kept": []}
    for _ in range(ROUNDS):
        for how, results in found.items():
            command = [sys.executable, "-m", "tests.benchmark.memory", "--checkpoint", checkpoint]
            done = subprocess.run([*command, "--child", how, str(size)], capture_output=True, text=True, check=True)
            results.append(json.loads(done.stdout))
    usual_ms, kept_ms = (statistics.median(each["ms"] for each in results) for results in found.values())
    peaks_mb = [max(each["peak_mb"] for each in results) for results in found.values()]
    return {
        "radiographs a pass": size,
        "ms a radiograph as usual": round(usual_ms),
        "kept": round(kept_ms),
        "ratio": round(usual_ms / kept_ms, 2),
        "peak MB as usual": round(peaks_mb[0]),
        "peak MB kept": round(peaks_mb[1]),
    }


def read(name: str, is_kept: bool, size: int) -> dict[str, float]:
    """Return the median milliseconds a radiograph and the most memory this process has held."""
    from fracture_core.base.allocator import keep_freed_memory

    if is_kept:
        assert keep_freed_memory(), "this C library cannot be told"
    import resource

    from fracture_core.networks.checkpoints import find_checkpoint
    from fracture_core.reading.engine.inference import compute_all_margins_and_maps

    checkpoint = find_checkpoint(name)
    preprocessing, network = checkpoint.manifest.preprocessing, checkpoint.load_network()
    shape = (size, preprocessing.input_size_px, preprocessing.input_size_px)
    squares = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    times_ms: list[float] = []

    def read_once() -> None:
        started_s = time.perf_counter()
        compute_all_margins_and_maps(
            network, squares, preprocessing, mirrored=checkpoint.manifest.mirrored, batch_size=size
        )
        times_ms.append((time.perf_counter() - started_s) * 1000 / size)

    until_s = time.monotonic() + SECONDS
    while len(times_ms) < 4 or time.monotonic() < until_s:
        thread = threading.Thread(target=read_once)
        thread.start()
        thread.join()
    return {"ms": statistics.median(times_ms[1:]), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


if __name__ == "__main__":
    main()
