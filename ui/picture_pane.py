"""Stands in until the page Failures calls the viewer itself."""

from fracture_core.data.items import Box
from ui.resources import OpenedFile
from ui.viewer import build_picture, show_viewer


def show_picture(key: str, name: str, opened: OpenedFile, boxes: tuple[Box, ...] = ()) -> None:
    show_viewer(key, [build_picture(name, opened, boxes)])
