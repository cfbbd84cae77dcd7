"""What a server does on its own while it runs: readings whose time is over go, also where nobody opens a page."""

import asyncio

from starlette.concurrency import run_in_threadpool

from fracture_core.records import clean_quietly

_EVERY_S = 3600.0


async def keep_up() -> None:
    """Remove what is older than ``history_days`` at once, and then every hour; runs until it is cancelled."""
    while True:
        await run_in_threadpool(clean_quietly)
        await asyncio.sleep(_EVERY_S)
