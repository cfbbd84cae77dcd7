"""How much slower a reading is while a training runs in the background; drawn phantoms, a state folder of its own.

python -m tests.benchmark.reading_while_training [--json]
"""

import json
import os
import statistics
import sys
import tempfile
import time

from fracture_core.base.settings import get_settings
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.radiograph import Radiograph
from fracture_core.reading.engine.predictor import Predictor
from fracture_core.training.jobs import read_log_tail, read_run, start_training, stop_training
from fracture_core.training.runs.run import TrainingRequest
from tests.tiny_world import encode_phantom

ROUNDS = 25
REQUEST = TrainingRequest(data=("phantoms",), recipe="paper", epochs=1000)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FRACTURE_STATE_DIR"] = folder
        get_settings.cache_clear()
        predictor = Predictor(find_checkpoint())
        radiographs = [read_radiograph(encode_phantom(seed)) for seed in range(ROUNDS)]
        time_reading_ms(predictor, radiographs)  # warms up
        before_ms = time_reading_ms(predictor, radiographs)
        run_id = start_training(REQUEST)
        try:
            wait_for_steps(run_id)
            during_ms = time_reading_ms(predictor, radiographs)
        finally:
            stop_training(run_id)
        while not read_run(run_id).has_ended:
            time.sleep(0.1)
        idle_ms = statistics.median([before_ms, time_reading_ms(predictor, radiographs)])
    if "--json" in sys.argv:
        print(json.dumps(build_record(idle_ms, during_ms), indent=2))
        return
    print(f"reading, idle             {idle_ms:7.0f} ms")
    print(f"reading, while training   {during_ms:7.0f} ms   {during_ms / idle_ms:.2f} times")


def build_record(idle_ms: float, during_ms: float) -> dict[str, object]:
    return {
        "title": f"A reading by '{find_checkpoint().name}' while a training runs in the background (median)",
        "command": "python -m tests.benchmark.reading_while_training --json",
        "cores": os.cpu_count(),
        "idle_ms": round(idle_ms),
        "while_training_ms": round(during_ms),
        "times": round(during_ms / idle_ms, 2),
    }


def time_reading_ms(predictor: Predictor, radiographs: list[Radiograph]) -> float:
    times_ms = []
    for radiograph in radiographs:
        started_s = time.perf_counter()
        predictor.read(radiograph)
        times_ms.append((time.perf_counter() - started_s) * 1000)
    return statistics.median(times_ms)


def wait_for_steps(run_id: str) -> None:
    while (state := read_run(run_id)).step < 2:
        if state.has_ended:
            raise RuntimeError(f"The training {state.status}: {state.reason}\n{read_log_tail(run_id)}")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
