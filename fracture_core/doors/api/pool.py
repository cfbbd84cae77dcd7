"""So many radiographs are read at a time, so many requests may wait, and the rest is told to come later."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from fracture_core.base import ApiError

T = TypeVar("T")


class Pool:
    """Threads that read, and places for requests; one of each process.

    Args:
        at_a_time: radiographs whose bytes and pixels are in memory at once.
        waiting: requests beyond that whose files lie on the disk meanwhile.
    """

    def __init__(self, at_a_time: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(at_a_time, thread_name_prefix="api-reading")
        self._places = at_a_time + waiting

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place, from before a request's file is taken in until it is answered.

        Raises:
            ApiError: all places are taken (503).
        """
        if self._places < 1:
            raise ApiError(503, "Too many radiographs wait to be read.", "Send it again in some seconds.")
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1

    async def run(self, request: Request, work: Callable[[], T]) -> T:
        """Return what ``work`` gives, done in one of the threads when its turn comes.

        Work that waits is not begun for a client that has gone; work that was begun is brought to its end.

        Raises:
            ClientDisconnect: the client went away before its turn came.
        """
        future = self._threads.submit(work)
        ended = asyncio.ensure_future(asyncio.wrap_future(future))
        gone = asyncio.ensure_future(_wait_until_gone(request))
        try:
            waiting: set[asyncio.Future[Any]] = {ended, gone}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done() and future.cancel():
                raise ClientDisconnect
            return await ended
        finally:
            gone.cancel()

    def close(self) -> None:
        """Bring what was begun to its end."""
        self._threads.shutdown(wait=True, cancel_futures=True)


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
