"""The API beside the pages: imported while they are served, and answering also where it cannot be built."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Router
from starlette.types import Message, Receive, Scope, Send

from fracture_core.base.errors import SettingsError
from fracture_core.base.settings import PROJECT_DIR, Settings, get_settings
from fracture_core.doors.api import beside
from fracture_core.doors.api.beside import Beside


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: that of the tests may hold the loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def ask(path: str) -> tuple[int, str]:
    """Ask as soon as the server lives; return status and body."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def ask_once() -> None:
        api = Beside("/History")
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
        async with api.live():
            await Router([api])(scope, receive, send)

    run(ask_once())
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def test_a_request_that_comes_too_early_is_answered_once_the_api_is_there(own_settings: Settings) -> None:
    assert ask("/healthz") == (200, '{"status":"alive"}')


def test_a_page_begins_when_the_api_is_imported(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    happened = []

    def build_slowly(_: str) -> None:
        time.sleep(0.2)
        happened.append("imported")
        raise SettingsError("a setting is wrong")

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        happened.append(scope["type"])

    async def visit() -> None:
        held = Beside("/History")
        async with held.live():
            for kind in ("http", "websocket"):
                await held.hold_pages(page)({"type": kind}, None, None)  # type: ignore[arg-type]

    monkeypatch.setattr(beside, "_build", build_slowly)
    run(visit())
    assert happened == ["http", "imported", "websocket"]


def test_an_api_that_cannot_begin_holds_no_page_up(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def fail(_: Starlette) -> AsyncIterator[None]:
        raise OSError("no room")
        yield

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        served.append(scope["type"])

    async def visit() -> None:
        held = Beside("/History")
        async with held.live():
            await asyncio.wait_for(held.hold_pages(page)({"type": "websocket"}, None, None), 10)  # type: ignore[arg-type]

    served: list[str] = []
    monkeypatch.setattr(beside, "_build", lambda _: Starlette(lifespan=fail))
    run(visit())
    assert served == ["websocket"]
    status, told = ask("/healthz")
    assert status == 503 and "no room" not in told


def test_a_setting_that_is_wrong_is_told(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRACTURE_API_READINGS", "many")
    get_settings.cache_clear()
    status, told = ask("/api/v1/models")
    assert status == 503 and "api_readings" in told


def test_the_pages_do_not_wait_for_torch() -> None:
    code = "import sys, runpy; runpy.run_path('streamlit_app.py', run_name='app'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "False"
