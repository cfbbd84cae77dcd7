"""What knows nothing of radiographs: errors, settings, files, incidents, memory, work in the background."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
