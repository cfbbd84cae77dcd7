"""Train the network again, and watch it learn."""

from ui.retrain.page import show_page

show_page()
