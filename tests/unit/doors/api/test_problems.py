"""Whatever goes wrong is answered as problem+json, in the project's own words; nothing is kept."""

import errno
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from urllib.parse import urlsplit

import pytest
import requests
from starlette import formparsers

from fracture_core.base.settings import get_settings
from fracture_core.doors.api import app as api
from fracture_core.doors.api import read, ready
from fracture_core.reading.history.filters import HistoryFilters
from fracture_core.reading.history.read import list_readings
from tests.tiny_world import encode_phantom
from tests.unit.doors.api.conftest import PHANTOM, Post, Serve

GIF = b"GIF89a" + bytes(40)


def check_problem(answer: requests.Response, status: int, words: str) -> None:
    told = answer.json()
    assert answer.status_code == told["status"] == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "remedy", "fields", "incident"}
    assert words in told["detail"] and "Traceback" not in answer.text
    assert not list_readings(HistoryFilters()).readings


BAD = [
    (b"", {}, 422, "empty"),
    (GIF, {}, 415, "GIF"),
    (PHANTOM[:300], {}, 422, "damaged"),
    (PHANTOM, {"frame": 3}, 404, "Frame 3 does not exist"),
    (PHANTOM, {"frame": "first"}, 422, "frame"),
    (PHANTOM, {"checkpoint": "nobody"}, 404, "no checkpoint called 'nobody'"),
    (PHANTOM, {"checkpoint": "../default"}, 422, "checkpoint"),
    (PHANTOM, {"correction": "turn"}, 422, "correction"),
    (PHANTOM, {"patient": "DOE"}, 422, "patient"),
    (PHANTOM, {"include": "pixels"}, 422, "include"),
    (PHANTOM, {"region": "a\0b"}, 422, "region"),
]


def test_what_cannot_be_read_says_why(serve: Serve, post: Post) -> None:
    url = serve()
    for data, fields, status, words in BAD:
        check_problem(post(url, data, **fields), status, words)


def test_requests_that_are_no_form_with_one_file(serve: Serve) -> None:
    address = f"{serve()}/api/v1/readings"
    check_problem(requests.post(address, data=PHANTOM, timeout=60), 415, "no multipart form")
    check_problem(requests.post(address, files={"picture": PHANTOM}, timeout=60), 422, "file")
    form = {"Content-Type": "multipart/form-data"}
    check_problem(requests.post(address, data=PHANTOM, headers=form, timeout=60), 400, "boundary")
    cut = form["Content-Type"] + "; boundary=x"
    check_problem(requests.post(address, data=b"nothing", headers={"Content-Type": cut}, timeout=60), 400, "form")
    twice = [("file", ("a.png", PHANTOM)), ("file", ("b.png", PHANTOM))]
    check_problem(requests.post(address, files=twice, timeout=60), 400, "Too many files")
    spaced = {"Idempotency-Key": "a b"}
    check_problem(requests.post(address, files={"file": PHANTOM}, headers=spaced, timeout=60), 422, "key")


def test_paths_and_methods_that_are_not_there(serve: Serve) -> None:
    url = serve()
    for path in ("/api", "/api/v1/readings/", "/api/v1/nothing", "/"):
        check_problem(requests.get(url + path, timeout=60), 404, "nothing at this path")
    check_problem(requests.get(f"{url}/api/v1/readings/{'0' * 32}", timeout=60), 404, "no such reading")
    wrong = requests.delete(f"{url}/api/v1/readings", timeout=60)
    check_problem(wrong, 405, "method")
    assert wrong.headers["Allow"] == "POST"


@pytest.mark.parametrize("says_length", [True, False])
def test_too_large_a_file_is_refused_and_never_kept(
    serve: Serve, says_length: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    class Spool(SpooledTemporaryFile):
        def write(self, data: bytes) -> int:
            written.append(len(data))
            return super().write(data)

    def send() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(40):
            yield bytes(100_000)

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", Spool)
    url = serve(max_file_bytes=100_000)
    body = b"".join(send()) if says_length else send()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = requests.post(f"{url}/api/v1/readings", data=body, headers=headers, timeout=60)
    check_problem(answer, 413, "at most 0.1 MB")
    assert sum(written) <= (0 if says_length else 300_000)


def test_no_room_for_the_file_is_told(serve: Serve, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(SpooledTemporaryFile):
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", Full)
    check_problem(post(serve()), 503, "no room")


def test_token_is_asked_for_where_one_is_set(serve: Serve, post: Post) -> None:
    url = serve(api_token="s3cret-ä")
    wrong = ({}, {"Authorization": b"Bearer wrong"}, {"Authorization": b"Basic s3cret"}, {"Cookie": b"token=s3cret"})
    for headers in wrong:
        check_problem(post(url, headers=headers), 401, "token")
        answer = requests.get(f"{url}/api/v1/models", headers=headers, timeout=60)
        check_problem(answer, 401, "token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    right = {"Authorization": "Bearer s3cret-ä".encode()}
    assert requests.get(f"{url}/api/v1/models", headers=right, timeout=60).status_code == 200
    document = requests.get(f"{url}/api/v1/openapi.json", timeout=60).json()
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    for path in ("/healthz", "/readyz"):
        assert requests.get(url + path, timeout=60).status_code == 200
    assert post(url, headers=right).status_code == 201
    assert "s3cret" not in repr(get_settings())


def test_page_of_another_site_cannot_send_readings(serve: Serve, post: Post) -> None:
    url = serve()
    check_problem(post(url, headers={"Origin": "https://elsewhere.example"}), 403, "another site")
    check_problem(post(url, headers={"Sec-Fetch-Site": "cross-site"}), 403, "another site")
    for odd in ("null", "http://[", "http://127.0.0.1:1"):
        check_problem(post(url, headers={"Origin": odd}), 403, "another site")
    rebound = {"Origin": "http://rebound.example:80", "Host": "rebound.example:80"}  # a name that was made to lead here
    check_problem(post(url, headers=rebound), 403, "another site")
    answer = post(url, headers={"Origin": url})
    assert answer.status_code == 201
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_locked_database_is_told_and_nothing_is_answered_as_done(
    serve: Serve, post: Post, lock_database: Callable
) -> None:
    url = serve()
    assert requests.get(f"{url}/readyz", timeout=60).json() == {"ready": True, "reasons": []}
    with lock_database():
        answer = post(url, key="a")
        check_problem(answer, 503, "locked")
        assert "sqlite" not in answer.text and str(get_settings().state_dir) not in answer.text
        assert answer.json()["incident"] in (get_settings().state_dir / "logs" / "fracture.log").read_text()
        assert int(answer.headers["Retry-After"]) > 0
        told = requests.get(f"{url}/readyz", timeout=60)
        assert told.status_code == 503 and "locked" in told.json()["reasons"][0] and "sqlite" not in told.text
        assert requests.get(f"{url}/healthz", timeout=60).status_code == 200
    assert post(url, key="a").status_code == 201


def test_many_who_ask_whether_it_is_ready_hold_no_lock_each(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def try_slowly() -> None:
        tried.append(time.sleep(0.5))

    monkeypatch.setattr(ready, "_try_database", try_slowly)
    url = serve()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{url}/readyz", timeout=60).json()["ready"], range(8)))
    assert all(answers) and len(tried) < 4


def test_server_without_a_model_is_not_ready(serve: Serve, post: Post) -> None:
    url = serve(checkpoints_dir="/nowhere", state_dir=get_settings().state_dir)
    assert requests.get(f"{url}/readyz", timeout=60).json()["reasons"][0].startswith("model: There is no checkpoint")
    assert requests.get(f"{url}/api/v1/models", timeout=60).json() == {"models": []}
    check_problem(post(url), 503, "no checkpoint")


def test_unexpected_error_has_an_incident_and_no_traceback(
    serve: Serve, post: Post, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("DOE^JANE")

    monkeypatch.setattr(read, "read_file", fail)
    answer = post(serve())
    check_problem(answer, 500, "unexpected")
    assert answer.json()["incident"] in (get_settings().state_dir / "logs" / "fracture.log").read_text()
    assert "JANE" not in answer.text and "JANE" not in "".join(capfd.readouterr())


def test_more_than_may_wait_are_told_to_come_later(serve: Serve, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_slowly(request: read.ReadingRequest) -> read.Done:
        time.sleep(0.5)
        return read.read_and_keep(request)

    monkeypatch.setattr(api, "read_and_keep", read_slowly)
    url = serve(api_readings=1, api_waiting=1)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: post(url), range(6)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 201, 503, 503, 503, 503]
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)
    assert post(url).status_code == 201  # the places are free again


def test_client_that_goes_leaves_no_place_taken_and_no_reading_that_waits(
    serve: Serve, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def read_slowly(request: read.ReadingRequest) -> read.Done:
        begun.append(request)
        time.sleep(0.5)
        return read.read_and_keep(request)

    monkeypatch.setattr(api, "read_and_keep", read_slowly)
    url = serve(api_readings=1, api_waiting=2)
    for _ in range(3):
        leave_after_sending(url, encode_phantom(5))
        time.sleep(0.05)
    leave_after_sending(url, encode_phantom(5), share=0.5)
    time.sleep(0.2)
    assert post(url).status_code == 201
    assert len(begun) == 2  # the first, whose work was begun, and ours
    assert len(list_readings(HistoryFilters()).readings) == 2


def leave_after_sending(url: str, data: bytes, share: float = 1.0) -> None:
    """Send a request, or a part of it, and hang up."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + data + b"\r\n--x--\r\n"
    head = "POST /api/v1/readings HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head.encode() + body[: int(len(body) * share)])
