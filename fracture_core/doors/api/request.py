"""What a request for a reading brings: a file and some fields, taken in within bounds and looked at before any work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from fracture_core.base import ApiError, get_settings
from fracture_core.networks import CHECKPOINT_NAME_PATTERN
from fracture_core.radiographs import check_file_size

UPLOAD_S = 300.0  # longest time that a request may take to arrive
_FIELDS_BYTES = 64 * 1024  # all but the file, the multipart form's own words among them
M = TypeVar("M", bound=BaseModel)
KEY_PATTERN = r"^[!-~]{1,200}$"
# Text that every database keeps, and that says something.
_TEXT, _NAME, _REASON = r"^[^\x00]*$", r"^[^\x00]*[^\s\x00][^\x00]*$", r"^[^\x00]*[^\s\x00][^\x00]+[^\s\x00][^\x00]*$"


class Fields(BaseModel):
    """The fields of the form beside the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frame: int = Field(0, ge=0, le=99_999, description="frame of a multi-frame file, from 0")
    region: str = Field("", pattern=_TEXT, max_length=40, description="body part, where no header says it")
    correction: Literal["invert", "brighten", "darken", ""] = Field(
        "", description="done to the picture before it is read, as a finding proposes"
    )
    override: str = Field(
        "",
        pattern=_REASON,
        min_length=3,
        max_length=1000,
        description="why a picture that the gate refuses is to be read all the same; needs who",
    )
    who: str = Field("", pattern=_NAME, max_length=120, description="who asks; kept with the reading")
    checkpoint: str = Field(
        "",
        pattern=f"^{CHECKPOINT_NAME_PATTERN.pattern}$",
        description="name of the model; without it, the one in use reads",
    )

    @model_validator(mode="after")
    def _say_who(self) -> "Fields":
        if self.override and not self.who:
            raise ValueError("an override needs to say who wants it")
        return self


class Asked(BaseModel):
    """What the address and the headers ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    include: tuple[Literal["heatmap"], ...] = Field((), max_length=1)
    key: str | None = Field(None, pattern=KEY_PATTERN)


@dataclass(frozen=True)
class ReadingRequest:
    """A request that can be worked on; ``file`` is closed when it has been answered."""

    file: BinaryIO
    name: str
    fields: Fields
    asked: Asked


@asynccontextmanager
async def take_in(request: Request) -> AsyncIterator[ReadingRequest]:
    """Yield the request once all of it has arrived; what was larger than the settings allow was never kept.

    Raises:
        ApiError: something about the request is not as it must be.
        LimitExceededError: the file is too large.
        ClientDisconnect: the client went away.
    """
    values = {"include": request.query_params.getlist("include"), "key": request.headers.get("idempotency-key")}
    asked = _validate(Asked, {name: value for name, value in values.items() if value is not None})
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "multipart/form-data":
        raise ApiError(
            415, "The request is no multipart form.", "Send the file as the field 'file' of multipart/form-data."
        )
    bounded = Request(request.scope, _bound(request))
    try:
        async with asyncio.timeout(UPLOAD_S):
            form = await bounded.form(max_files=1, max_fields=20, max_part_size=_FIELDS_BYTES)
    except HTTPException as error:
        raise ApiError(400, f"The multipart form cannot be understood: {error.detail}") from error
    except TimeoutError as error:
        raise ApiError(408, f"The request took longer than {UPLOAD_S:.0f} s to arrive.", "Send it again.") from error
    except OSError as error:  # of the disk on which the file waits for its turn
        raise ApiError(503, "There is no room to take the file in.", "Tell who runs this server.") from error
    try:
        upload, fields = _sort(form)
        yield ReadingRequest(upload.file, upload.filename or "", fields, asked)
    finally:
        await form.close()


def _bound(request: Request) -> Receive:
    """Return what receives the request, but refuses to go on beyond the largest file and its fields."""
    settings = get_settings()
    length = request.headers.get("content-length", "")
    if length.isdecimal():
        check_file_size(int(length) - _FIELDS_BYTES, settings)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        check_file_size(received - _FIELDS_BYTES, settings)
        return message

    return receive


def _sort(form: FormData) -> tuple[UploadFile, Fields]:
    """Return the file and the fields, each given once."""
    given = form.multi_items()
    names = [name for name, _ in given]
    wrong = {name: "is given more than once" for name in names if names.count(name) > 1}
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        wrong["file"] = "is missing, or has no file name"
    others = {name: value for name, value in given if name != "file"}
    wrong |= {
        name: "is a file; only 'file' may be one" for name, value in others.items() if isinstance(value, UploadFile)
    }
    if wrong or not isinstance(upload, UploadFile):
        raise _complain(wrong)
    return upload, _validate(Fields, dict(others))


def _validate(model: type[M], values: dict[str, object]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _complain({".".join(map(str, each["loc"])): each["msg"] for each in error.errors()}) from error


def _complain(fields: dict[str, str]) -> ApiError:
    words = "; ".join(f"{name or 'override'}: {what}" for name, what in fields.items())
    return ApiError(
        422, f"The request is not as it must be: {words[:500]}.", "See /api/v1/openapi.json.", fields=fields
    )
