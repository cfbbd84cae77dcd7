"""The decoding processes survive what codecs do to them, and end when nobody needs them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from pydicom import uid

from fracture_core.base.errors import CorruptFileError, IntakeError, LimitExceededError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake import sandbox
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.intake.sandbox import DecodeRequest, decode
from tests.sample_files import REPOSITORY, build_compressed, build_dicom, draw_bone

# A decoder that does with its codestream what the codestream says, as a hostile file would have it.
DECODER = REPOSITORY / "fracture_core" / "radiographs" / "intake" / "decoder.py"
HOSTILE_DECODER = f"""
import importlib.util, os, signal, sys, time
spec = importlib.util.spec_from_file_location("decoder", {str(DECODER)!r})
decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(decoder)

def obey(head, codestream):
    if codestream == b"crash":
        os.kill(os.getpid(), getattr(signal, "SIGSEGV"))
    if codestream == b"sleep":
        time.sleep(60)
    if codestream == b"allocate":
        bytearray(8 * 1024**3)
    if codestream == b"flood":
        return {{"dtype": "|u1", "shape": [2, 3], "photometric": "MONOCHROME2"}}, b"x" * 10_000_000
    if codestream == b"other shape":
        return {{"dtype": "|u1", "shape": [3, 2], "photometric": "MONOCHROME2"}}, b"x" * 6
    if codestream == b"floats":
        return {{"dtype": "<f4", "shape": [2, 3], "photometric": "MONOCHROME2"}}, b"x" * 24
    if codestream == b"nonsense":
        os.write(decoder_output.fileno(), b"\\xff" * 100)
    print("codecs print")
    os.write(1, b"and write to the output themselves")
    return {{"dtype": "|u1", "shape": [2, 3], "photometric": "MONOCHROME2"}}, bytes(range(6))

take = decoder._take_standard_output
def remember():
    global decoder_output
    decoder_output = take()
    return decoder_output
decoder._take_standard_output = remember
decoder._decode = obey
decoder._load_codecs = lambda: None
decoder.main()
"""
SETTINGS = Settings(decode_timeout_s=20, decode_memory_bytes=2 * 1024**3)


@pytest.fixture
def own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test children of its own, and end them."""
    monkeypatch.setattr(sandbox, "_pool", sandbox._Pool())
    yield
    sandbox._pool.close()


@pytest.fixture
def hostile(own_pool: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "hostile_decoder.py"
    script.write_text(HOSTILE_DECODER)
    monkeypatch.setattr(sandbox, "_DECODER", script)


def request(codestream: bytes) -> DecodeRequest:
    return DecodeRequest(str(uid.JPEG2000), "pylibjpeg", {}, codestream, (2, 3))


def idle_processes() -> list[int]:
    return [child._process.pid for child in sandbox._pool._idle]


def test_what_codecs_print_does_not_reach_the_pixels(hostile: None) -> None:
    for _ in range(2):
        pixels, photometric = decode(request(b"decode"), SETTINGS)
        assert pixels.tolist() == [[0, 1, 2], [3, 4, 5]]
        assert photometric == "MONOCHROME2"
    assert len(idle_processes()) == 1


@pytest.mark.parametrize(
    ("codestream", "error", "words"),
    [
        (b"crash", CorruptFileError, "crash"),
        (b"flood", CorruptFileError, "crash"),
        (b"nonsense", CorruptFileError, "crash"),
        (b"other shape", CorruptFileError, "damaged"),
        (b"floats", CorruptFileError, "damaged"),
        pytest.param(
            b"allocate",
            LimitExceededError,
            "memory",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="no address space limit"),
        ),
    ],
)
def test_a_misbehaving_codec_is_an_error_and_the_next_file_is_read(
    hostile: None, codestream: bytes, error: type[IntakeError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        decode(request(codestream), SETTINGS)
    assert caught.value.remedy
    assert decode(request(b"decode"), SETTINGS)[0].shape == (2, 3)


def test_a_codec_that_does_not_end_is_stopped(hostile: None) -> None:
    decode(request(b"decode"), SETTINGS)
    child = idle_processes()[0]
    started_s = time.monotonic()
    with pytest.raises(LimitExceededError, match=r"longer than 0\.3 s"):
        decode(request(b"sleep"), SETTINGS.model_copy(update={"decode_timeout_s": 0.3}))
    assert time.monotonic() - started_s < 10
    assert not psutil.pid_exists(child)
    assert decode(request(b"decode"), SETTINGS)[0].shape == (2, 3)


def test_a_child_that_was_killed_meanwhile_is_replaced(hostile: None) -> None:
    decode(request(b"decode"), SETTINGS)
    child = idle_processes()[0]
    os.kill(child, signal.SIGTERM)
    assert decode(request(b"decode"), SETTINGS)[0].shape == (2, 3)
    assert child not in idle_processes()


def test_another_memory_limit_takes_another_child(hostile: None) -> None:
    decode(request(b"decode"), SETTINGS)
    first = idle_processes()
    decode(request(b"decode"), SETTINGS.model_copy(update={"decode_memory_bytes": 3 * 1024**3}))
    assert idle_processes() != first
    assert not psutil.pid_exists(first[0])


@pytest.mark.skipif(sys.platform == "win32", reason="no address space limit")
def test_a_limit_too_small_to_start_names_the_setting(own_pool: None) -> None:
    with pytest.raises(IntakeError, match="FRACTURE_DECODE_MEMORY_BYTES"):
        decode(request(b""), Settings(decode_memory_bytes=1024**2))


def test_many_threads_decode_at_once(own_pool: None) -> None:
    files = [
        build_compressed(uid.RLELossless, np.roll(draw_bone(), shift, axis=1), WindowCenter=2048, WindowWidth=4096)
        for shift in range(6)
    ]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(read_radiograph, files * 4))
    for number, radiograph in enumerate(found):
        np.testing.assert_allclose(radiograph.pixels, np.roll(draw_bone(), number % 6, axis=1) / 4095, atol=1e-6)
    assert 1 <= len(idle_processes()) <= sandbox._MAX_CHILDREN


def test_uncompressed_files_start_no_child(own_pool: None) -> None:
    read_radiograph(build_dicom(draw_bone()))
    assert idle_processes() == []


PARENT = """
import os, sys
from pydicom import uid
from fracture_core.radiographs.intake import sandbox
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import build_compressed
read_radiograph(build_compressed(uid.RLELossless))
print(sandbox._pool._idle[0]._process.pid, flush=True)
{end}
"""


@pytest.mark.parametrize("end", ["", "os._exit(1)", "import time; time.sleep(60)"], ids=["end", "abrupt", "killed"])
def test_children_end_with_their_parent(end: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(end=end)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    child = int(parent.stdout.readline())
    if "sleep" in end:
        parent.kill()
    assert parent.communicate(timeout=30)[1] == b""
    deadline_s = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline_s, "the child outlived its parent"
        time.sleep(0.05)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_takes_children_of_its_own(own_pool: None) -> None:
    """The loaders of training data fork; two processes on one pipe would mix their pictures."""
    data = build_compressed(uid.RLELossless)
    expected = read_radiograph(data).pixels
    child = idle_processes()[0]
    pid = os.fork()
    if pid == 0:
        try:
            is_fine = idle_processes() == [] and np.array_equal(read_radiograph(data).pixels, expected)
            is_fine = is_fine and child not in idle_processes()
            sandbox._pool.close()
            os._exit(0 if is_fine else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0)[1] == 0
    assert idle_processes() == [child]
    assert np.array_equal(read_radiograph(data).pixels, expected)
