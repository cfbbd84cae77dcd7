"""What a kept reading may show: nothing of a refused picture until somebody overrides.

Apart: history and worklist keep readings of their own; this is the one rule for both.
"""

from typing import TYPE_CHECKING

from fracture_core.store import Call


class Withheld:
    """A kept reading; what shows it asks ``shown_call`` and ``shown_p``, never ``call`` and ``p_fracture``."""

    if TYPE_CHECKING:  # the fields of the dataclass that is one

        @property
        def call(self) -> Call | None: ...

        @property
        def p_fracture(self) -> float | None: ...

        @property
        def refusals(self) -> tuple[str, ...]: ...

    @property
    def is_overridden(self) -> bool:
        """Return whether somebody wants it read all the same."""
        raise NotImplementedError

    @property
    def is_refused(self) -> bool:
        """Return whether it was read, but the reading may not be shown."""
        return self.call is not None and bool(self.refusals) and not self.is_overridden

    @property
    def shown_call(self) -> Call | None:
        return None if self.is_refused else self.call

    @property
    def shown_p(self) -> float | None:
        return None if self.is_refused else self.p_fracture
