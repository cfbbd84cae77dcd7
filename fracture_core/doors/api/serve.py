"""The API alone, without the pages, on a port of this machine."""

import signal
import socket
import sys

import uvicorn

from fracture_core.base import ApiError
from fracture_core.doors.api.app import build_app

_GRACE_S = 120  # longest time that requests in hand may take to end


def serve(host: str, port: int) -> None:
    """Serve until a signal asks for the end; requests in hand are answered first.

    Args:
        host: an address of this machine.
        port: 0 takes a free one; the address is printed.

    Raises:
        ApiError: the address cannot be used.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except (OSError, OverflowError) as error:
        raise ApiError(503, f"Port {port} of {host} cannot be used: {error}.", "Name another with --port.") from error
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving the API at http://{shown}:{listener.getsockname()[1]}/api/v1 (Ctrl-C ends it)", flush=True)
    signal.signal(signal.SIGTERM, _end)  # uvicorn ends in order first, and then raises the signal again
    config = uvicorn.Config(
        build_app(), access_log=False, log_level="warning", server_header=False, timeout_graceful_shutdown=_GRACE_S
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _end(_number: int, _frame: object) -> None:
    sys.exit(0)
