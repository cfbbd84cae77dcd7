"""Whatever goes wrong as ``application/problem+json`` (RFC 9457), in the project's own words, and never a traceback."""

import re
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fracture_core.base import (
    ApiError,
    CheckpointNotFoundError,
    FractureError,
    FrameNotFoundError,
    HistoryError,
    IntakeError,
    LimitExceededError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    SuitabilityError,
    UnsupportedTypeError,
    log_incident,
)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_STATUSES: tuple[tuple[type[FractureError], int], ...] = (
    (LimitExceededError, 413),
    (UnsupportedTypeError, 415),
    (SuitabilityError, 422),
    (CheckpointNotFoundError, 404),
    (FrameNotFoundError, 404),
    (IntakeError, 422),
    (HistoryError, 404),
    (FractureError, 503),  # the database, the weights, the device, a full disk: it may work again later
)
# What the database's own words add is for its keeper: its address, its folder, its user.
_STORE_WORDS: tuple[tuple[type[StoreError], str, str], ...] = (
    (StoreBusyError, "The database is locked, or does not answer.", "Send it again in some seconds."),
    (StoreFullError, "There is no room left for the database.", "Tell who runs this server."),
    (StoreError, "The database cannot be used.", "Tell who runs this server."),
)
_WORDS = {404: "There is nothing at this path.", 405: "This path does not know this method."}
_REMEDIES = {
    404: "See /api/v1/openapi.json for what there is.",
    405: "See the header Allow, and /api/v1/openapi.json.",
}


class Problem(BaseModel):
    """What went wrong, and what to do about it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(
        description="a name of the kind of problem that stays", examples=["urn:fracture:problem:corrupt-file"]
    )
    title: str = Field(description="HTTP's name of the status")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="what is wrong, in a sentence")
    remedy: str = Field(description="what to do about it; may be empty")
    fields: dict[str, str] = Field(description="what is wrong with which field of the request; may be empty")
    incident: str | None = Field(description="under which the log has the details; null where it has none")


def answer_error(_request: Request, error: Exception) -> Response:
    """Return the answer to one of the project's own errors, or to one of HTTP's."""
    if isinstance(error, HTTPException):
        words = _WORDS.get(error.status_code, error.detail)
        return build_problem(error.status_code, f"http-{error.status_code}", words, headers=dict(error.headers or {}))
    assert isinstance(error, FractureError)
    if isinstance(error, ApiError):
        return build_problem(error.status, f"http-{error.status}", error.problem, error.remedy, fields=error.fields)
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    incident = log_incident(error, "answering the API") if isinstance(error, StoreError) else None
    return build_problem(status, _name(error), *word_error(error), incident=incident)


def word_error(error: FractureError) -> tuple[str, str]:
    """Return problem and remedy as strangers may know them: the open paths tell them, too."""
    return next(
        ((problem, remedy) for kind, problem, remedy in _STORE_WORDS if isinstance(error, kind)),
        (error.problem, error.remedy),
    )


def build_problem(
    status: int,
    kind: str,
    detail: str,
    remedy: str = "",
    *,
    fields: dict[str, str] | None = None,
    incident: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a problem as an answer; a 401 says what is asked for, a 503 when to come again."""
    headers = dict(headers or {})
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="fracture"'
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    problem = Problem(
        type=f"urn:fracture:problem:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        remedy=remedy or _REMEDIES.get(status, ""),
        fields=fields or {},
        incident=incident,
    )
    return Response(problem.model_dump_json(), status, headers, media_type=CONTENT_TYPE)


class Guard:
    """Answers what nobody foresaw with an incident's number, and says of every answer that it is not to be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
                message = {**message, "headers": [*message.get("headers", []), *headers]}
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except ClientDisconnect:  # nobody is there to be answered
            return
        except Exception as error:  # noqa: BLE001 - the last stop of a request
            incident = log_incident(error, "answering the API")
            if not started and scope["type"] == "http":
                answer = build_problem(
                    500, "unexpected", "Something unexpected happened.", "The log has the details.", incident=incident
                )
                await answer(scope, receive, send_on)


def _name(error: FractureError) -> str:
    """Return a kind's name: ``CorruptFileError`` is ``corrupt-file``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()
