"""Decodes compressed DICOM frames in child processes, so that a hostile file cannot take the server down."""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import Any, BinaryIO, cast

import numpy as np

from fracture_core.base import CorruptFileError, IntakeError, LimitExceededError, Settings
from fracture_core.radiographs.intake.decoder import read_message, write_message

_DECODER = Path(__file__).with_name("decoder.py")
_MAX_CHILDREN = max(2, min(os.cpu_count() or 2, 4))
_START_TIMEOUT_S = 60.0
_MAX_SAMPLE_BYTES = 4
# A thread pool per library would reserve address space that the memory limit counts.
_SINGLE_THREADED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class DecodeRequest:
    """One compressed frame.

    Attributes:
        transfer_syntax: UID of the decoder to use.
        plugin: pydicom's name of the codec.
        options: pydicom's decoding options (rows, columns, bits_allocated, ...).
        codestream: the frame's compressed bytes.
        expected_shape: ``(rows, columns)`` or ``(rows, columns, samples)`` of the picture promised.
    """

    transfer_syntax: str
    plugin: str
    options: dict[str, Any]
    codestream: bytes
    expected_shape: tuple[int, ...]


class _ChildLostError(Exception):
    """The child died, was killed, or broke the protocol."""


class _OutOfMemoryError(Exception):
    """The child reached its memory limit."""


class _Child:
    """One decoding process."""

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_DECODER), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _SINGLE_THREADED,
            start_new_session=True,  # a Ctrl-C is the parent's business
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._requests, self._replies = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        self._converse(None, max_body_bytes=0, timeout_s=_START_TIMEOUT_S)

    def decode(self, request: DecodeRequest, timeout_s: float) -> tuple[np.ndarray, str]:
        """Return the frame and its photometric interpretation.

        Raises:
            TimeoutError, _ChildLostError, _OutOfMemoryError: and the child is closed.
            ValueError: the codec refused the data, or returned another picture than promised.
        """
        head = {
            "transfer_syntax": request.transfer_syntax,
            "plugin": request.plugin,
            "options": request.options,
            "timeout_s": timeout_s,
        }
        max_body_bytes = int(np.prod(request.expected_shape)) * _MAX_SAMPLE_BYTES
        reply, body = self._converse((head, request.codestream), max_body_bytes=max_body_bytes, timeout_s=timeout_s)
        if reply.get("error") == "memory":
            self.close()
            raise _OutOfMemoryError
        if "error" in reply or tuple(reply["shape"]) != request.expected_shape:
            raise ValueError("not decodable")
        dtype = np.dtype(reply["dtype"])
        if dtype.kind not in "iu":
            raise ValueError("not pixels")
        return np.frombuffer(body, dtype).reshape(request.expected_shape), str(reply["photometric"])

    def _converse(
        self, message: tuple[dict[str, Any], bytes] | None, *, max_body_bytes: int, timeout_s: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message, if any, and read the reply; a timer kills the child, which ends the reading."""
        timed_out = False

        def kill() -> None:
            nonlocal timed_out
            timed_out = True
            self._process.kill()

        timer = Timer(timeout_s, kill)
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                write_message(self._requests, *message)
            reply = read_message(self._replies, max_body_bytes)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise TimeoutError if timed_out else _ChildLostError from error
        finally:
            timer.cancel()
        return reply

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the child and free its pipes."""
        self._process.kill()
        self._process.wait()
        self.forget()

    def forget(self) -> None:
        """Close this process's ends of the pipes, leaving the child to whoever else holds them."""
        for pipe in (self._requests, self._replies):
            with suppress(OSError):  # what was left to flush
                pipe.close()


class _Pool:
    """Idle children, and how many may work at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: list[_Child] = []
        self.slots = BoundedSemaphore(_MAX_CHILDREN)

    def take(self, memory_bytes: int) -> _Child | None:
        """Return an idle child of that limit; end those that died or have another limit."""
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.memory_bytes == memory_bytes and child.is_alive():
                    return child
                child.close()
        return None

    def give_back(self, child: _Child) -> None:
        with self._lock:
            if child.is_alive():
                self._idle.append(child)

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def forget(self) -> None:
        """In a forked process: the children belong to the one that forked."""
        for child in self._idle:
            child.forget()


_pool = _Pool()
atexit.register(lambda: _pool.close())


def _start_afresh_after_fork() -> None:
    global _pool
    _pool.forget()
    _pool = _Pool()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_afresh_after_fork)


def decode(request: DecodeRequest, settings: Settings) -> tuple[np.ndarray, str]:
    """Decode one compressed frame in a child process; thread-safe.

    Args:
        request: the frame and what it promises to be.
        settings: ``decode_timeout_s`` and ``decode_memory_bytes``.

    Returns:
        ``request.expected_shape`` array of integers, and the photometric interpretation after decoding.

    Raises:
        CorruptFileError: the codec refused the data or crashed on it.
        LimitExceededError: time or memory ran out.
    """
    pool = _pool
    if not pool.slots.acquire(timeout=settings.decode_timeout_s):
        raise LimitExceededError("All decoders are busy.", "Try again in a minute.")
    try:
        return _decode_with_child(pool, request, settings)
    except TimeoutError:
        raise LimitExceededError(
            f"Decoding took longer than {settings.decode_timeout_s:g} s and was stopped.",
            "Export the radiograph again, uncompressed if you can.",
        ) from None
    except _OutOfMemoryError:
        raise LimitExceededError(
            f"Decoding needs more than {settings.decode_memory_bytes / 1e9:.1f} GB of memory and was stopped.",
            "Export the radiograph again, uncompressed if you can, or raise FRACTURE_DECODE_MEMORY_BYTES.",
        ) from None
    except _ChildLostError:
        raise CorruptFileError(
            "The file's compressed picture made the decoder crash.",
            "Export the radiograph again, uncompressed if you can.",
        ) from None
    except ValueError:
        raise CorruptFileError(
            "The file's compressed picture is damaged.", "Export the radiograph again, uncompressed if you can."
        ) from None
    finally:
        pool.slots.release()


def _decode_with_child(pool: _Pool, request: DecodeRequest, settings: Settings) -> tuple[np.ndarray, str]:
    """Use an idle child; if that one fails, a fresh one decides, for a used one may have been worn or killed."""
    child = pool.take(settings.decode_memory_bytes)
    if child is not None:
        try:
            return child.decode(request, settings.decode_timeout_s)
        except (_ChildLostError, _OutOfMemoryError):
            pass
        finally:
            pool.give_back(child)
    child = _start_child(settings.decode_memory_bytes)
    try:
        return child.decode(request, settings.decode_timeout_s)
    finally:
        pool.give_back(child)


def _start_child(memory_bytes: int) -> _Child:
    try:
        return _Child(memory_bytes)
    except (_ChildLostError, TimeoutError, OSError):
        raise IntakeError(
            "The decoder of compressed DICOM files does not start.",
            "Check FRACTURE_DECODE_MEMORY_BYTES and the installation of pydicom's codecs, or export uncompressed.",
        ) from None
