"""Freed memory stays with the process, up to a bound where it does other things than training."""

import ctypes
import subprocess
import sys

import pytest

from fracture_core.base import allocator

_FREED = """
import ctypes, sys, threading
from fracture_core.base.allocator import keep_freed_memory
how, size = sys.argv[1], int(sys.argv[2])
if how != "as usual":
    assert keep_freed_memory(all_of_it=how == "all")
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def use():
    block = libc.malloc(size)
    ctypes.memset(block, 1, size)
    libc.free(block)
before = resident()
thread = threading.Thread(target=use)
thread.start()
thread.join()
print(resident() - before)
"""


def measure_kept_bytes(how: str, size: int) -> int:
    done = subprocess.run([sys.executable, "-c", _FREED, how, str(size)], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's malloc")
@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="glibc's malloc")
def test_freed_memory_stays_with_the_process_up_to_a_bound() -> None:
    kept = {
        (how, mb): measure_kept_bytes(how, mb * 10**6) / 10**6
        for how in ("as usual", "some", "all")
        for mb in (100, 400)
    }
    assert kept["as usual", 100] < 50 and kept["as usual", 400] < 50
    assert kept["some", 100] > 90 and kept["some", 400] < 50
    assert kept["all", 100] > 90 and kept["all", 400] > 390


def test_another_system_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator.sys, "platform", "darwin")
    assert not allocator.keep_freed_memory()


def test_a_c_library_without_mallopt_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocator.ctypes, "CDLL", lambda _name: object())
    assert not allocator.keep_freed_memory()
