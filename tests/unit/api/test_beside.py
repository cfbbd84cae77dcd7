"""The API beside the pages when it cannot start: whoever asks is answered, and pages are not held up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette

from fracture_core.api import beside
from fracture_core.settings import Settings


def build_failing(_page: str) -> Starlette:
    @asynccontextmanager
    async def fail(_app: Starlette) -> AsyncIterator[None]:
        raise OSError("no room")
        yield

    return Starlette(lifespan=fail)


def test_an_api_that_cannot_begin_holds_no_page_up(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_build", build_failing)
    served: list[str] = []

    async def page(scope: dict, _receive: object, _send: object) -> None:
        served.append(scope["type"])

    async def visit() -> None:
        route = beside.Beside("/History")
        async with route.live():
            await asyncio.wait_for(route.hold_pages(page)({"type": "websocket"}, None, None), timeout=10)
            sent: list[dict] = []

            async def send(message: dict) -> None:
                sent.append(message)

            scope = {"type": "http", "method": "GET", "path": "/healthz", "headers": [], "query_string": b""}
            await asyncio.wait_for(route.handle(scope, None, send), timeout=10)
            assert sent[0]["status"] == 503

    asyncio.run(visit())
    assert served == ["websocket"]
