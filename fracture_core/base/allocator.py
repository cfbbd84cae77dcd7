"""Memory that a network's pass has freed is kept for the next one.

A pass frees and takes again hundreds of megabytes of feature maps, a training step gigabytes. glibc gives blocks of
that size back at once and takes them again from the kernel, which clears them page by page: on two cores up to
half of a batch's time (`python -m tests.benchmark.memory`). Each thread has a heap of its own, too, that none of the
others can use.

Apart: the only place that calls the C library; the server, the commands and a training tell it alike.
"""

import ctypes
import sys

# Of mallopt(3); glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -3, -4, -8
_NEVER = -1
_KEPT_BYTES = 512 * 2**20


def keep_freed_memory(*, all_of_it: bool = False) -> bool:
    """Tell this process's C library to keep up to 512 MiB of freed memory; return whether it was told.

    To be called before there are threads. On systems without glibc nothing is done.

    Args:
        all_of_it: without bound, for processes that do nothing but train: what they once took stays theirs.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is None:
        return False
    large = (_MMAP_MAX, 0) if all_of_it else (_MMAP_THRESHOLD, _KEPT_BYTES // 2)
    kept = _NEVER if all_of_it else _KEPT_BYTES
    return all([mallopt(_ARENA_MAX, 1), mallopt(*large), mallopt(_TRIM_THRESHOLD, kept)])
