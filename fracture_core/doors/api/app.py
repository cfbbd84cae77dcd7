"""The API as an ASGI application; ``beside`` serves it with the pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fracture_core.base import FractureError, get_settings
from fracture_core.doors.api.answers import Health, Links, NewReading, Reading, describe
from fracture_core.doors.api.models import list_models
from fracture_core.doors.api.openapi import build_document
from fracture_core.doors.api.pool import Pool
from fracture_core.doors.api.problems import Guard, answer_error
from fracture_core.doors.api.read import read_and_keep
from fracture_core.doors.api.ready import check_readiness
from fracture_core.doors.api.request import take_in
from fracture_core.doors.api.security import check_origin, check_token
from fracture_core.reading import find_reading
from fracture_core.records import clean_quietly


def build_app(page: str | None = None) -> Starlette:
    """Return the API.

    Args:
        page: path of the page History, below the server's own; None where no pages are served.
    """
    settings = get_settings()

    @asynccontextmanager
    async def run_beside(app: Starlette) -> AsyncIterator[None]:
        upkeep = asyncio.create_task(keep_up())
        yield
        upkeep.cancel()
        app.state.pool.close()

    app = Starlette(
        routes=[
            Route("/api/v1/readings", post_reading, methods=["POST"]),
            Route("/api/v1/readings/{id}", get_reading, methods=["GET"]),
            Route("/api/v1/models", get_models, methods=["GET"]),
            Route("/api/v1/openapi.json", get_document, methods=["GET"]),
            Route("/healthz", get_health, methods=["GET"]),
            Route("/readyz", get_readiness, methods=["GET"]),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={FractureError: answer_error, HTTPException: answer_error},
        lifespan=run_beside,
    )
    app.router.redirect_slashes = False
    app.state.pool = Pool(settings.api_readings, settings.api_waiting)
    app.state.page = page
    app.state.checking = None
    return app


async def post_reading(request: Request) -> Response:
    """Read a radiograph; answered once the reading is in the database."""
    check_token(request)
    check_origin(request)
    pool: Pool = request.app.state.pool
    with pool.place():
        async with take_in(request) as asked:
            done = await pool.run(request, partial(read_and_keep, asked))
    links = _link(request, done.record.id)
    answer = NewReading(**describe(done.record), links=links, findings=done.findings, heatmap=done.heatmap)
    return _answer(answer, 200 if done.is_repeated else 201, {"Location": links.self})


async def get_reading(request: Request) -> Response:
    """Return a reading by its id."""
    check_token(request)
    record = await run_in_threadpool(find_reading, request.path_params["id"])
    return _answer(Reading.of(record, _link(request, record.id)))


async def get_models(request: Request) -> Response:
    """Return the models that can be asked."""
    check_token(request)
    return _answer(await run_in_threadpool(list_models))


async def get_document(request: Request) -> Response:
    """Return the OpenAPI document of this server."""
    return JSONResponse(build_document(request.scope.get("root_path", "")))


async def get_health(_request: Request) -> Response:
    """Return that the process answers."""
    return _answer(Health(status="alive"))


async def get_readiness(request: Request) -> Response:
    """Return whether readings can be made and kept."""
    state = request.app.state
    if state.checking is None or state.checking.done():  # all who ask meanwhile get one answer, as it takes locks
        state.checking = asyncio.create_task(run_in_threadpool(check_readiness))
    readiness = await asyncio.shield(state.checking)
    return _answer(readiness, 200) if readiness.ready else _answer(readiness, 503, {"Retry-After": "5"})


def _link(request: Request, reading_id: str) -> Links:
    root, page = request.scope.get("root_path", ""), request.app.state.page
    return Links(
        self=f"{root}/api/v1/readings/{reading_id}", page=f"{root}{page}?reading={reading_id}" if page else None
    )


def _answer(answer: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.model_dump_json(), status, headers, media_type="application/json")


_EVERY_S = 3600.0


async def keep_up() -> None:
    """Remove what is older than ``history_days`` at once, and then every hour; runs until it is cancelled."""
    while True:
        await run_in_threadpool(clean_quietly)
        await asyncio.sleep(_EVERY_S)
