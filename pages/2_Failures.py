"""Browse what the network got wrong, see the pattern behind it, and work on it."""

from ui.failures.page import show_page

show_page()
