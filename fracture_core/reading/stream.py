"""The act over many files: decoded ahead, read a batch at a time, judged as one file is (``read_file``)."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fracture_core.base import FractureError, log_incident
from fracture_core.radiographs import Radiograph
from fracture_core.reading.act import (
    ReadFile,
    ReadRequest,
    Source,
    build_read_file,
    check_suitability,
    open_source,
)
from fracture_core.reading.engine.predictor import Predictor, Reading
from fracture_core.reading.loaded import LoadedCheckpoint

T = TypeVar("T")
_DECODERS = 2  # threads that decode ahead of the network


@dataclass(frozen=True)
class NotRead:
    """A file of a stream that could not be read.

    Attributes:
        reason: what is wrong and what to do.
        sha256: of the file; empty where it could not even be decoded.
        elapsed_ms: until that was known.
    """

    reason: str
    sha256: str = ""
    elapsed_ms: float = 0.0


def read_stream(
    take: Callable[[], Sequence[T]],
    fetch: Callable[[T], tuple[Source, ReadRequest]],
    loaded: LoadedCheckpoint,
) -> Iterator[list[tuple[T, ReadFile | NotRead]]]:
    """Read many files, a batch at a time, in order; the next batch is decoded while the network reads this one.

    A file that cannot be read stops no other. Nothing is kept: a batch's readings are kept by who takes them
    (``record_all``, or with a worklist's rows).

    Args:
        take: gives what is to be read next; nothing at the end. As many are read in one pass of the network.
        fetch: gives the source and the request of one; called in other threads.
        loaded: what reads.
    """
    with ThreadPoolExecutor(_DECODERS, thread_name_prefix="decode") as pool:
        coming = [pool.submit(_decode, item, fetch) for item in take()]
        while coming:
            current, coming = coming, [pool.submit(_decode, item, fetch) for item in take()]
            yield list(_read_batch([future.result() for future in current], loaded))


@dataclass(frozen=True, eq=False)
class _Decoded(Generic[T]):
    item: T
    request: ReadRequest | None
    radiograph: Radiograph | None
    elapsed_ms: float
    reason: str = ""


def _decode(item: T, fetch: Callable[[T], tuple[Source, ReadRequest]]) -> _Decoded[T]:
    started_s = time.perf_counter()
    try:
        source, request = fetch(item)
        started_s = time.perf_counter()  # fetching the bytes is no part of the time a reading takes
        # Only a screen needs the full depth, and pictures that wait should be small.
        radiograph = replace(open_source(source, request), full_depth=None)
    except FractureError as error:
        return _Decoded(item, None, None, (time.perf_counter() - started_s) * 1000, str(error))
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        return _Decoded(item, None, None, (time.perf_counter() - started_s) * 1000, _describe_unexpected(error))
    return _Decoded(item, request, radiograph, (time.perf_counter() - started_s) * 1000)


def _read_batch(batch: list[_Decoded[T]], loaded: LoadedCheckpoint) -> Iterator[tuple[T, ReadFile | NotRead]]:
    readings = iter(_predict([each.radiograph for each in batch if each.radiograph is not None], loaded.predictor))
    for decoded in batch:
        if decoded.radiograph is None or decoded.request is None:
            yield decoded.item, NotRead(decoded.reason, elapsed_ms=decoded.elapsed_ms)
            continue
        reading = next(readings)
        if isinstance(reading, str):
            yield decoded.item, NotRead(reading, decoded.radiograph.sha256, decoded.elapsed_ms)
            continue
        started_s = time.perf_counter()
        suitability = check_suitability(loaded, decoded.radiograph, reading)
        elapsed_ms = decoded.elapsed_ms + reading.elapsed_ms + (time.perf_counter() - started_s) * 1000
        yield decoded.item, build_read_file(decoded.request, decoded.radiograph, reading, suitability, elapsed_ms)


def _predict(radiographs: list[Radiograph], predictor: Predictor) -> Sequence[Reading | str]:
    """Return the reading of each, or why it has none."""
    try:
        return predictor.read_batch(radiographs)
    except Exception:  # noqa: BLE001 - one of them is the cause: each on its own tells which
        return [_predict_one(predictor, radiograph) for radiograph in radiographs]


def _predict_one(predictor: Predictor, radiograph: Radiograph) -> Reading | str:
    try:
        return predictor.read(radiograph)
    except FractureError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one file must not take the others with it
        return _describe_unexpected(error)


def _describe_unexpected(error: Exception) -> str:
    """Log an error of one file that nobody foresaw; return what a person is told."""
    incident_id = log_incident(error, "reading a file")
    return f"Something unexpected happened, id {incident_id}. The details are in the log under this id."
