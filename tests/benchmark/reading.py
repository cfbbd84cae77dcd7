"""How long a radiograph takes from bytes to reading, by kind of file; median of some.

python -m tests.benchmark.reading FILE_OR_FOLDER...
"""

import statistics
import sys
import time
from pathlib import Path

from fracture_core.base.errors import IntakeError
from fracture_core.datasets.layouts.image_files import find_image_files
from fracture_core.networks.checkpoints import find_checkpoint
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.reading.engine.predictor import Predictor

ROUNDS = 3


def main(paths: list[Path]) -> None:
    predictor = Predictor(find_checkpoint())
    files = [found for path in paths for found in (sorted(find_image_files(path)) if path.is_dir() else [path])]
    decode_ms: dict[str, list[float]] = {}
    read_ms: list[float] = []
    for number in range(ROUNDS + 1):
        for path in files:
            data = path.read_bytes()
            started_s = time.perf_counter()
            try:
                radiograph = read_radiograph(data)
            except IntakeError:
                continue
            decoded_s = time.perf_counter()
            predictor.read(radiograph)
            if number:  # the first round warms up
                kind = radiograph.details.get("transfer_syntax", radiograph.source_type)
                decode_ms.setdefault(kind, []).append((decoded_s - started_s) * 1000)
                read_ms.append((time.perf_counter() - decoded_s) * 1000)
    for kind, times_ms in sorted(decode_ms.items()):
        print(f"decode {kind:<40}{statistics.median(times_ms):8.1f} ms  ({len(times_ms) // ROUNDS} files)")
    print(f"preprocess, network, heatmap ({predictor.device})    {statistics.median(read_ms):8.1f} ms")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
