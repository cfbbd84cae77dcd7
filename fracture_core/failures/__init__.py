"""What a checkpoint got wrong: filtered, folded by radiograph, counted, and what is behind it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
