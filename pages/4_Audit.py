"""Look for what is wrong with a data set, before a network learns from it."""

from ui.audit.page import show_page

show_page()
