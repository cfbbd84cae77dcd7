"""What the project remembers, in a database: runs and their metrics, and which model is served."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
