"""The radiograph viewer: full-depth pixels, windowed and measured in the browser (see frontend/)."""

from ui.viewer.picture import ViewerPicture, build_picture
from ui.viewer.show import load_viewer_ahead, show_viewer

__all__ = ["ViewerPicture", "build_picture", "load_viewer_ahead", "show_viewer"]
