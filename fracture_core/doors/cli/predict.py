"""``predict``: read radiographs, one line a file; a bad file does not stop the rest."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from fracture_core.base import IntakeError

if TYPE_CHECKING:
    from fracture_core.radiographs import Radiograph
    from fracture_core.reading import Finding, NewReading, Predictor, Reading, Suitability, SuitabilityCheck

_CALLS = {
    "positive": "fracture suspected",
    "uncertain": "uncertain - look closely",
    "negative": "no fracture suspected",
}
BATCH_SIZE = 8  # small, so that the bar moves and few pictures wait in memory
Decoded = tuple[Path, "Radiograph | IntakeError", float]  # file, what it holds, ms to decode
Found = tuple["Reading", "Suitability"]
Outcome = tuple[Path, "Found | IntakeError", float]  # file, what was found, ms in all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a radiograph, or a folder read recursively"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--model", metavar="NAME", help="name of the checkpoint (default: the one served)")
    parser.add_argument("--device", default=None, choices=["auto", "cpu", "cuda", "mps"], help="processor")
    parser.add_argument("--frame", type=int, default=0, help="frame of a multi-frame file, from 0")
    parser.add_argument("--override", metavar="REASON", help="read also what is refused; the reason is kept")
    parser.add_argument("--no-history", action="store_true", help="keep nothing of it in the history")


def run(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fracture_core.base import get_settings
    from fracture_core.doors.cli.keeping import Keeper
    from fracture_core.networks import find_checkpoint
    from fracture_core.reading import Predictor, SuitabilityCheck, check_reason

    if arguments.override is not None:
        check_reason(arguments.override)
    files = _list_files(arguments.files)
    predictor = Predictor(find_checkpoint(arguments.model), arguments.device or get_settings().device)
    gate, keeper = SuitabilityCheck.of(predictor.checkpoint), Keeper(is_on=not arguments.no_history)
    show = _show_json if arguments.json else _show_line
    failed = not files
    if not files:
        print("error: there is no radiograph in what was given.", file=sys.stderr)
    with tqdm(total=len(files), file=sys.stderr, unit="file", disable=len(files) < 2) as bar:
        for batch in _decode(files, arguments.frame):
            outcomes = [*_read(predictor, gate, batch)]
            keeper.keep(_build_new(batch, outcomes, arguments.override))
            for path, outcome, elapsed_ms in outcomes:
                failed |= isinstance(outcome, IntakeError) or (outcome[1].is_refused and not arguments.override)
                with bar.external_write_mode(file=sys.stdout):
                    show(path, outcome, elapsed_ms, arguments.override)
            bar.update(len(batch))
    return int(failed)


def _list_files(paths: list[Path]) -> list[Path]:
    from fracture_core.datasets import find_image_files

    files: list[Path] = []
    for path in paths:
        files += sorted(find_image_files(path)) if path.is_dir() else [path]
    return files


def _decode(files: list[Path], frame: int) -> Iterator[list[Decoded]]:
    """Yield batches in order; the next batch is decoded while the network reads this one."""
    from fracture_core.radiographs import read_radiograph_file

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


def _read(predictor: "Predictor", gate: "SuitabilityCheck", batch: list[Decoded]) -> Iterator[Outcome]:
    readable = [outcome for _, outcome, _ in batch if not isinstance(outcome, IntakeError)]
    readings = iter(predictor.read_batch(readable))
    for path, outcome, decode_ms in batch:
        if isinstance(outcome, IntakeError):
            yield path, outcome, decode_ms
        else:
            reading = next(readings)
            found = gate.check(outcome, reading.features, read_features=lambda shown: predictor.read(shown).features)
            yield path, (reading, found), decode_ms + reading.elapsed_ms


def _show_json(path: Path, outcome: "Found | IntakeError", elapsed_ms: float, why: str | None) -> None:
    if isinstance(outcome, IntakeError):
        line: dict[str, object] = {"file": str(path), "error": str(outcome)}
    else:
        reading, found = outcome
        line = {"file": str(path)}
        if found.is_refused and not why:
            line["refused"] = True
        else:
            line |= {"label": reading.label, "call": reading.call, "p_fracture": round(reading.p_fracture, 6)}
        line["findings"] = [_describe(finding) for finding in found.concerns]
        if found.is_refused and why:
            line["override"] = _describe_override(found, why)
        line |= {"model": reading.model, "model_sha256": reading.model_sha256, "elapsed_ms": round(elapsed_ms, 1)}
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _describe(finding: "Finding") -> dict[str, object]:
    described = {"kind": finding.kind, "severity": finding.severity, "words": finding.words, "advice": finding.advice}
    if finding.value is not None:
        described |= {"value": round(finding.value, 4), "limit": finding.limit}
    return described | ({"correction": finding.correction} if finding.correction else {})


def _describe_override(found: "Suitability", why: str) -> dict[str, object]:
    from fracture_core.reading import override
    from fracture_core.store import name_system_user

    decision = override(found, by=name_system_user(), why=why)
    at = decision.at.isoformat(timespec="seconds")
    return {"by": decision.by, "why": decision.why, "kinds": list(decision.kinds), "at": at}


def _build_new(batch: list[Decoded], outcomes: list[Outcome], why: str | None) -> "list[NewReading]":
    """Return what the history keeps of a batch."""
    from fracture_core.reading import NewReading, override
    from fracture_core.store import name_system_user

    who, news = name_system_user(), []
    for (path, radiograph, _), (_, outcome, elapsed_ms) in zip(batch, outcomes, strict=True):
        if not isinstance(outcome, IntakeError) and not isinstance(radiograph, IntakeError):
            reading, found = outcome
            decision = override(found, by=who, why=why) if found.is_refused and why else None
            news.append(
                NewReading(
                    source="command line",
                    radiograph=radiograph,
                    reading=reading,
                    suitability=found,
                    elapsed_ms=elapsed_ms,
                    who=who,
                    name=path.name,
                    frame=radiograph.frame_index,
                    override=decision,
                )
            )
    return news


def _show_line(path: Path, outcome: "Found | IntakeError", elapsed_ms: float, why: str | None) -> None:
    if isinstance(outcome, IntakeError):
        print(f"{path}: not read: {outcome}", flush=True)
        return
    reading, found = outcome
    made = f"by {reading.model} {reading.model_sha256[:8]}, {elapsed_ms:.0f} ms"
    if found.is_refused and not why:
        print(f"{path}: refused ({made}); --override REASON reads it all the same", flush=True)
    else:
        override = f"; refused, but read because: {why}" if found.is_refused else ""
        print(f"{path}: {_CALLS[reading.call]}, p = {reading.p_fracture:.2f} ({made}){override}", flush=True)
    for finding in found.concerns:
        print(f"    {finding.kind}: {finding.words} {finding.advice}", flush=True)
