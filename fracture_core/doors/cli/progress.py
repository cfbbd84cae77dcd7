"""Progress bars on stderr, so that stdout stays clean for results."""

import sys
from typing import Self

from tqdm import tqdm


class StageBars:
    """Shows one bar after another, by stage; made to be passed as a ``progress`` callback.

    Args:
        unit: what is counted: "file", or "B" for bytes, which are shown as kB, MB and so on.
    """

    def __init__(self, unit: str = "file") -> None:
        self._unit = unit
        self._bar: tqdm | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or (stage, total) != (self._stage, self._bar.total):
            self.close()
            self._stage = stage
            scale = self._unit == "B"
            # What is there at the start (a download gone on with) must not count as speed.
            initial = done if scale else 0
            self._bar = tqdm(
                total=total, initial=initial, desc=stage, file=sys.stderr, unit=self._unit, unit_scale=scale
            )
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
