"""``predict``: read radiographs, one line a file; a bad file does not stop the rest."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.errors import IntakeError

if TYPE_CHECKING:
    from fracture_core.radiograph import Radiograph
    from fracture_core.reading.predictor import Reading

_CALLS = {"positive": "fracture suspected", "uncertain": "uncertain - look closely", "negative": "no fracture suspected"}
BATCH_SIZE = 8  # small, so that the bar moves and few pictures wait in memory
Decoded = tuple[Path, "Radiograph | IntakeError", float]  # file, what it holds, ms to decode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a radiograph, or a folder read recursively")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--model", metavar="NAME", help="name of the checkpoint (default: the one served)")
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"], help="processor")
    parser.add_argument("--frame", type=int, default=0, help="frame of a multi-frame file, from 0")


def run(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fracture_core.reading.predictor import Predictor
    from fracture_core.registry import find_checkpoint
    from fracture_core.settings import get_settings

    files = _list_files(arguments.files)
    predictor = Predictor(find_checkpoint(arguments.model), arguments.device or get_settings().device)
    show = _show_json if arguments.json else _show_line
    failed = not files
    if not files:
        print("error: there is no radiograph in what was given.", file=sys.stderr)
    with tqdm(total=len(files), file=sys.stderr, unit="file", disable=len(files) < 2) as bar:
        for batch in _decode(files, arguments.frame):
            for path, outcome, elapsed_ms in _read(predictor, batch):
                failed |= isinstance(outcome, IntakeError)
                with bar.external_write_mode(file=sys.stdout):
                    show(path, outcome, elapsed_ms)
            bar.update(len(batch))
    return int(failed)


def _list_files(paths: list[Path]) -> list[Path]:
    from fracture_core.data.image_files import find_image_files

    files: list[Path] = []
    for path in paths:
        files += sorted(find_image_files(path)) if path.is_dir() else [path]
    return files


def _decode(files: list[Path], frame: int) -> Iterator[list[Decoded]]:
    """Yield batches in order; the next batch is decoded while the network reads this one."""
    from fracture_core.intake import read_radiograph_file

    def decode(path: Path) -> Decoded:
        started_s = time.perf_counter()
        outcome: Radiograph | IntakeError
        try:
            outcome = read_radiograph_file(path, frame=frame)
        except IntakeError as error:
            outcome = error
        return path, outcome, (time.perf_counter() - started_s) * 1000

    batches = [files[start : start + BATCH_SIZE] for start in range(0, len(files), BATCH_SIZE)]
    with ThreadPoolExecutor(2) as pool:
        coming = [pool.submit(decode, path) for path in batches[0]] if batches else []
        for following in [*batches[1:], []]:
            current, coming = coming, [pool.submit(decode, path) for path in following]
            yield [future.result() for future in current]


def _read(predictor: "Predictor", batch: list[Decoded]) -> Iterator[tuple[Path, "Reading | IntakeError", float]]:  # noqa: F821
    readable = [outcome for _, outcome, _ in batch if not isinstance(outcome, IntakeError)]
    readings = iter(predictor.read_batch(readable))
    for path, outcome, decode_ms in batch:
        if isinstance(outcome, IntakeError):
            yield path, outcome, decode_ms
        else:
            reading = next(readings)
            yield path, reading, decode_ms + reading.elapsed_ms


def _show_json(path: Path, outcome: "Reading | IntakeError", elapsed_ms: float) -> None:
    if isinstance(outcome, IntakeError):
        line: dict[str, object] = {"file": str(path), "error": str(outcome)}
    else:
        line = {
            "file": str(path),
            "label": outcome.label,
            "call": outcome.call,
            "p_fracture": round(outcome.p_fracture, 6),
            "model": outcome.model,
            "model_sha256": outcome.model_sha256,
            "elapsed_ms": round(elapsed_ms, 1),
        }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _show_line(path: Path, outcome: "Reading | IntakeError", elapsed_ms: float) -> None:
    if isinstance(outcome, IntakeError):
        print(f"{path}: not read: {outcome}", flush=True)
    else:
        made = f"by {outcome.model} {outcome.model_sha256[:8]}, {elapsed_ms:.0f} ms"
        print(f"{path}: {_CALLS[outcome.call]}, p = {outcome.p_fracture:.2f} ({made})", flush=True)
