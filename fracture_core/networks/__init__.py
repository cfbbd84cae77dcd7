"""Networks and the checkpoints that hold them: preprocessing, calls, and which checkpoint is in use."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
