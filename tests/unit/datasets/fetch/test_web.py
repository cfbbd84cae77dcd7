"""A server that does not answer is told in words, and told apart from one that breaks off."""

import socket
from collections.abc import Iterator

import pytest
import requests

from fracture_core.base.settings import Settings
from fracture_core.datasets.fetch.web import BrokenLineError, UnreachableError, get, read_host


@pytest.fixture
def closed_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as bound:  # bound, but nobody listens
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_nobody_there(closed_port: int, own_settings: Settings) -> None:
    with pytest.raises(UnreachableError, match="no connection"), get(f"http://127.0.0.1:{closed_port}/", own_settings):
        pass


@pytest.mark.parametrize("url", ["no address", "http://", "ftp://example.org/a.zip"])
def test_no_address(url: str, own_settings: Settings) -> None:
    with pytest.raises(UnreachableError, match="this is no address"), get(url, own_settings):
        pass


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (requests.exceptions.ProxyError(), "the proxy does not let it through"),
        (requests.exceptions.SSLError(), "its certificate is not trusted"),
        (requests.ConnectTimeout(), "no answer in time"),
        (requests.TooManyRedirects(), "it redirects in a circle"),
    ],
)
def test_why_there_is_no_answer(
    error: Exception, told: str, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(requests, "get", refuse)
    with pytest.raises(UnreachableError, match=told), get("https://example.org", own_settings):
        pass


class Answer:
    """An answer whose body breaks off."""

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_body_that_breaks_off_is_worth_another_try(own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "get", lambda *_, **__: Answer())
    with pytest.raises(BrokenLineError, match="the connection broke"), get("https://example.org", own_settings):
        raise requests.exceptions.ChunkedEncodingError


def test_the_server_of_an_address() -> None:
    assert read_host("https://api.example.org:8443/v2/a?b") == "api.example.org:8443"
    assert read_host("no address") == "no address"
