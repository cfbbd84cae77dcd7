"""A training's memory stays with its process."""

import ctypes
import subprocess
import sys

import pytest

from fracture_core.training import allocator

_FREED = """
import ctypes, sys
from fracture_core.training.allocator import keep_freed_memory
if sys.argv[1] == "kept":
    assert keep_freed_memory()
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
block = libc.malloc(200_000_000)
ctypes.memset(block, 1, 200_000_000)
libc.free(block)
print(resident())
"""


def measure_resident_bytes(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", _FREED, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's malloc")
@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="glibc's malloc")
def test_freed_memory_stays_with_the_process() -> None:
    assert measure_resident_bytes("kept") - measure_resident_bytes("as usual") > 150_000_000


def test_another_system_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator.sys, "platform", "darwin")
    assert not allocator.keep_freed_memory()


def test_a_c_library_without_mallopt_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator.ctypes, "CDLL", lambda _name: object())
    assert not allocator.keep_freed_memory()
