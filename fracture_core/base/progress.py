"""How work that takes a while tells how far it is. Apart: every room tells it in one of these two ways."""

from collections.abc import Callable

StageProgress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is in all (files, bytes or steps)."""
CountProgress = Callable[[int, int], None]
"""Called with how much is done, and how much there is in all (files or bytes)."""
