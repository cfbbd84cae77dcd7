"""How much memory a training takes."""

import psutil
import torch


def measure_memory_gb(device: str) -> float:
    """Return gigabytes (10^9 bytes): the most a CUDA device has held, else those of this process and its children."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e9
    process = psutil.Process()
    total_bytes = process.memory_info().rss
    for child in process.children(recursive=True):
        try:
            total_bytes += child.memory_info().rss
        except psutil.Error:  # it has ended meanwhile
            continue
    result: float = total_bytes / 1e9
    return result
