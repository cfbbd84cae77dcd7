"""The memory of a training step is kept for the next one."""

import ctypes
import sys

# Of mallopt(3); glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_NEVER = -1


def keep_freed_memory() -> bool:
    """Tell this process's C library not to give freed memory back; return whether it was told.

    A step frees and takes again gigabytes of activations. glibc maps blocks of that size
    anew each time, and the kernel clears them page by page: a fifth of a step on two cores.
    For processes that do nothing but train, as what they once took stays theirs.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and bool(mallopt(_MMAP_MAX, 0) and mallopt(_TRIM_THRESHOLD, _NEVER))
