"""The reading room: one radiograph, or a worklist of many."""

from ui.diagnose.page import show_page

show_page()
