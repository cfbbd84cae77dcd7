"""A server of the API for each test, on folders of its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from requests import Response

from fracture_core.base.incidents import LOGGER_NAME
from fracture_core.base.settings import Settings, get_settings
from fracture_core.doors.api.app import build_app
from tests.api_server import run_in_thread
from tests.tiny_world import encode_phantom, make_checkpoint

PHANTOM = encode_phantom()
Serve = Callable[..., str]
Post = Callable[..., Response]


@pytest.fixture
def serve(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a server with a tiny model, and some settings of the test's own; return its address."""
    make_checkpoint(own_settings.checkpoints_dir / "default")
    monkeypatch.setattr(logging.getLogger(LOGGER_NAME), "handlers", [])  # the log is this test's own
    with ExitStack() as stack:

        def start(page: str | None = None, **settings: object) -> str:
            for name, value in settings.items():
                monkeypatch.setenv(f"FRACTURE_{name.upper()}", str(value))
            get_settings.cache_clear()
            return stack.enter_context(run_in_thread(build_app(page)))

        yield start


@pytest.fixture
def post() -> Post:
    """Send a file and fields; return the answer."""

    def send(
        url: str, data: bytes = PHANTOM, *, key: str = "", headers: dict[str, str] | None = None, **fields: object
    ) -> Response:
        headers = (headers or {}) | ({"Idempotency-Key": key} if key else {})
        include = {"include": fields.pop("include")} if "include" in fields else {}
        return requests.post(
            f"{url}/api/v1/readings",
            files={"file": ("wrist.png", data)},
            data=fields,
            params=include,
            headers=headers,
            timeout=60,
        )

    return send
