"""The history: every reading, how people judge them, and the log of what was done."""

from ui.history.page import show_page

show_page()
