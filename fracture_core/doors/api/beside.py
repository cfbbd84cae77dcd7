"""The API as a route beside the pages, in their server; it is imported while the pages are served already."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette._utils import get_route_path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from fracture_core.base import FractureError, log_incident
from fracture_core.doors.api.problems import answer_error, build_problem

PREFIXES = ("/api", "/healthz", "/readyz")


class Beside(BaseRoute):
    """The API as a route of another application: it answers all below its paths, also what it does not know.

    Args:
        page: as of ``build_app``.
        base_path: below which the other application is served; empty for none.
    """

    def __init__(self, page: str, base_path: str = "") -> None:
        self._page = page
        self._base = f"/{base_path.strip('/')}".rstrip("/")
        self._app: asyncio.Future[Starlette]

    @asynccontextmanager
    async def live(self, _app: object = None) -> AsyncIterator[None]:
        """Serve while the block lasts: the other application's lifespan."""
        self._app, end = asyncio.get_running_loop().create_future(), asyncio.Event()
        running = asyncio.create_task(self._run(end))
        try:
            yield
        finally:
            end.set()
            await running

    def hold_pages(self, app: ASGIApp) -> ASGIApp:
        """Let a page's script begin only when the API is imported (a middleware of the other application).

        Two threads that import torch at a time may wait for each other, and Python then fails one of them.
        """

        async def hold(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                with suppress(Exception):  # told to those who ask the API
                    await asyncio.shield(self._app)
            await app(scope, receive, send)

        return hold

    async def _run(self, end: asyncio.Event) -> None:
        try:
            app = await asyncio.to_thread(_build, self._page)
            async with app.router.lifespan_context(app):
                self._app.set_result(app)
                await end.wait()
        except Exception as error:  # noqa: BLE001 - the pages are served all the same, and every request is told
            if self._app.done():
                log_incident(error, "ending the API")
                return
            self._app.set_exception(error)
            self._app.exception()  # also where nobody asks

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether the path is the API's, and below which path the API then is."""
        path = get_route_path(scope)
        prefixes = [self._base + prefix for prefix in PREFIXES]
        is_ours = any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)
        if scope["type"] != "http" or not is_ours:
            return Match.NONE, {}
        return Match.FULL, {"root_path": scope.get("root_path", "") + self._base}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the API answer, once it is there."""
        try:
            app = await asyncio.shield(self._app)
        except Exception as error:  # noqa: BLE001 - whoever asks must be answered
            await _refuse(Request(scope), error)(scope, receive, send)
            return
        await app(scope, receive, send)


def _build(page: str) -> Starlette:
    from fracture_core.doors.api.app import build_app  # with torch, which takes seconds

    return build_app(page)


def _refuse(request: Request, error: Exception) -> Response:
    """Return the answer of an API that could not be built: a setting is wrong, or the installation is broken."""
    if isinstance(error, FractureError):
        return answer_error(request, error)
    incident = log_incident(error, "building the API")
    return build_problem(
        503, "unexpected", "Something unexpected happened.", "The log has the details.", incident=incident
    )
