"""Keeping what a command reads in the history; a database that cannot be used stops no reading."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fracture_core.base import StoreBusyError, StoreError

if TYPE_CHECKING:
    from fracture_core.reading import NewReading


class Keeper:
    """Writes readings into the history, a transaction a call; what cannot be kept is told on stderr.

    Args:
        is_on: the command was not told to keep nothing.
    """

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on

    def keep(self, news: "Sequence[NewReading]") -> None:
        """Keep readings. After a database that cannot be used at all, no further one is tried."""
        from fracture_core.reading import record_all

        if not self._is_on or not news:
            return
        try:
            record_all(news)
        except StoreError as error:
            self._is_on = isinstance(error, StoreBusyError)
            which = f"{len(news)} of the readings are" if self._is_on else "these readings are"
            print(f"warning: {which} not kept in the history: {error}", file=sys.stderr)
