"""The decoding process: reads compressed DICOM frames from its input, writes pixels to its output.

Native codecs can crash, loop or take all memory on hostile data, so they run here, under a memory limit, and
never in the process that serves people. Started by path, so that it loads no other part of the project::

    python -P decoder.py MEMORY_LIMIT_BYTES

A message is two little-endian uint32 (length of the head, of the body), a JSON head and a body of raw bytes.
"""

import faulthandler
import json
import os
import struct
import sys
from typing import Any, BinaryIO

_LENGTHS = struct.Struct("<II")
_MAX_HEAD_BYTES = 65_536


def write_message(stream: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    """Write one message and flush it."""
    encoded = json.dumps(head).encode()
    stream.write(_LENGTHS.pack(len(encoded), len(body)))
    stream.write(encoded)
    stream.write(body)
    stream.flush()


def read_message(stream: BinaryIO, max_body_bytes: int) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Raises:
        EOFError: the other side is gone, or sends more than it may.
    """
    head_bytes, body_bytes = _LENGTHS.unpack(_read_exactly(stream, _LENGTHS.size))
    if head_bytes > _MAX_HEAD_BYTES or body_bytes > max_body_bytes:
        raise EOFError("message too long")
    head = json.loads(_read_exactly(stream, head_bytes))
    return head, _read_exactly(stream, body_bytes)


def _read_exactly(stream: BinaryIO, size_bytes: int) -> bytes:
    data = stream.read(size_bytes)
    if len(data) < size_bytes:
        raise EOFError("stream ended")
    return data


def _decode(head: dict[str, Any], codestream: bytes) -> tuple[dict[str, Any], bytes]:
    """Decode one frame with the plugin that the request names; returns the reply's head and body."""
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import get_decoder

    pixels, properties = get_decoder(head["transfer_syntax"]).as_array(
        encapsulate([codestream], has_bot=False), index=0, decoding_plugin=head["plugin"], **head["options"]
    )
    reply = {
        "dtype": pixels.dtype.str,
        "shape": pixels.shape,
        "photometric": properties["photometric_interpretation"],
    }
    return reply, pixels.tobytes()


def _answer(head: dict[str, Any], codestream: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return _decode(head, codestream)
    except MemoryError:
        return {"error": "memory"}, b""
    except BaseException:  # noqa: BLE001 - codecs in Rust panic past Exception; no message, for it may quote the data
        return {"error": "data"}, b""


def _limit_memory(limit_bytes: int) -> None:
    """Bound the address space where the system can (not on Windows), and leave no core dumps."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _take_standard_output() -> BinaryIO:
    """Return the pipe to the parent, and point standard output elsewhere: codecs print to it."""
    pipe = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return pipe


def _load_codecs() -> None:
    """Import before the first request, whose time is limited."""
    import logging

    import pydicom.pixels.decoders  # noqa: F401

    logging.disable()


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    output = _take_standard_output()
    _limit_memory(int(sys.argv[1]))
    _load_codecs()
    write_message(output, {"ready": True}, b"")
    while True:
        try:
            head, codestream = read_message(sys.stdin.buffer, max_body_bytes=2**32 - 1)
        except EOFError:
            return
        # Ends this process even inside native code, should the parent be gone and unable to.
        faulthandler.dump_traceback_later(head["timeout_s"] + 5, exit=True)
        reply, pixels = _answer(head, codestream)
        faulthandler.cancel_dump_traceback_later()
        write_message(output, reply, pixels)


if __name__ == "__main__":
    main()
