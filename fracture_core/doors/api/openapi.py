"""The OpenAPI document: every path, status, header and field that the API knows."""

from typing import Any

from pydantic.json_schema import models_json_schema

from fracture_core import __version__
from fracture_core.base import get_settings
from fracture_core.doors.api import answers
from fracture_core.doors.api.problems import CONTENT_TYPE, Problem
from fracture_core.doors.api.request import KEY_PATTERN, Fields

Json = dict[str, Any]
_MODELS = (answers.NewReading, answers.Reading, answers.Models, answers.Health, answers.Readiness, Problem)
_ABOUT = (
    "Reads limb radiographs for fractures. It supports a qualified reader and does not replace one; it is research "
    "software and no certified medical device. Files of any type that it does not know, and pictures that are no "
    "radiographs, are refused and say why."
)
_PROBLEMS = {
    400: "The multipart form cannot be understood.",
    401: "The server asks for a token.",
    403: "A page of another site sent the request.",
    404: "There is no such thing; or the file has no such frame, or no model has that name.",
    405: "The path does not know this method.",
    408: "The request took too long to arrive.",
    409: "The Idempotency-Key came with another request before.",
    413: "The file, or the picture in it, is larger than the settings allow.",
    415: "The request is no multipart form, or the file is of a type that is not read.",
    422: "The request is not as it must be, or the file cannot be read.",
    500: "Something unexpected; the log has the details under the incident's number.",
    503: "The database or the model cannot be used now, or too many requests wait. Nothing was kept.",
}
_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"description": "what is asked for", "schema": {"type": "string"}, "required": True}},
    503: {"Retry-After": {"description": "seconds", "schema": {"type": "integer", "minimum": 0}, "required": True}},
}
_ALWAYS: Json = {
    "Cache-Control": {
        "description": "nothing is to be kept on the way",
        "schema": {"const": "no-store"},
        "required": True,
    }
}


def build_document(root_path: str = "") -> Json:
    """Return the document of a server whose paths begin with ``root_path``."""
    is_closed = bool(get_settings().api_token.get_secret_value())
    _, defined = models_json_schema(
        [(model, "serialization") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    components: Json = {"schemas": defined["$defs"]}
    if is_closed:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Fracture", "version": __version__, "description": _ABOUT},
        "servers": [{"url": root_path or "/"}],
        "paths": {
            "/api/v1/readings": {"post": _describe_post()},
            "/api/v1/readings/{id}": {"get": _describe_get()},
            "/api/v1/models": {
                "get": _operate("listModels", "The models that can be asked", {200: "Models"}, (500, 503))
            },
            "/api/v1/openapi.json": {"get": _describe_document()},
            "/healthz": {"get": _operate("health", "Whether the process answers", {200: "Health"}, (500,))},
            "/readyz": {
                "get": _operate(
                    "ready", "Whether a reading could be made and kept", {200: "Readiness", 503: "Readiness"}, (500,)
                )
            },
        },
        "components": components,
    }
    if is_closed:
        for path in ("/api/v1/readings", "/api/v1/readings/{id}", "/api/v1/models"):
            for operation in document["paths"][path].values():
                operation["security"] = [{"token": []}]
                operation["responses"]["401"] = _describe_problem(401)
    return document


def _describe_post() -> Json:
    post = _operate(
        "createReading",
        "Read a radiograph",
        {201: "NewReading", 200: "NewReading"},
        (400, 403, 404, 408, 409, 413, 415, 422, 500, 503),
    )
    post["description"] = "Answered once the reading is in the database. 200: this Idempotency-Key was answered before."
    post["parameters"] = [
        {
            "name": "include",
            "in": "query",
            "description": "what else is wanted",
            "schema": {"type": "string", "enum": ["heatmap"]},
        },
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "a request repeated with its key, as after an answer that got lost, is one reading",
            "schema": {"type": "string", "pattern": KEY_PATTERN},
        },
    ]
    post["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _describe_form()}}}
    post["requestBody"]["content"]["multipart/form-data"]["encoding"] = {
        "file": {"contentType": "application/dicom, image/png, image/jpeg, image/tiff, application/octet-stream"}
    }
    link = {"operationId": "getReading", "parameters": {"id": "$response.body#/id"}}
    for status in ("200", "201"):
        location = {"description": "of the reading", "schema": {"type": "string"}, "required": True}
        post["responses"][status]["headers"]["Location"] = location
        post["responses"][status]["links"] = {"reading": link}
    return post


def _describe_form() -> Json:
    schema = Fields.model_json_schema()
    for field in schema["properties"].values():
        field.pop("title", None)
        if field.get("default") == "":  # left out, not empty
            del field["default"]
    return {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary", "description": "DICOM, PNG, JPEG or TIFF"}}
        | schema["properties"],
        "required": ["file"],
        "dependentRequired": {"override": ["who"]},
        "additionalProperties": False,
    }


def _describe_get() -> Json:
    get = _operate("getReading", "A reading by its id", {200: "Reading"}, (404, 500, 503))
    get["parameters"] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
    ]
    return get


def _describe_document() -> Json:
    get = _operate("document", "This document", {}, (500,))
    get["responses"]["200"] = {
        "description": "OpenAPI 3.1",
        "headers": dict(_ALWAYS),
        "content": {"application/json": {"schema": {"type": "object", "required": ["openapi", "paths"]}}},
    }
    return get


def _operate(name: str, summary: str, answered: dict[int, str], problems: tuple[int, ...]) -> Json:
    """Return an operation with its answers, by the schema's name, and its problems."""
    responses = {str(status): _describe_problem(status) for status in (*problems, 405)}
    for status, schema in answered.items():
        responses[str(status)] = {
            "description": summary,
            "headers": dict(_ALWAYS) | (_HEADERS.get(status) or {}),
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        }
    return {"operationId": name, "summary": summary, "responses": responses}


def _describe_problem(status: int) -> Json:
    return {
        "description": _PROBLEMS[status],
        "headers": dict(_ALWAYS) | (_HEADERS.get(status) or {}),
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
