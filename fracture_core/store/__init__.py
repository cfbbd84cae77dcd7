"""What the project remembers, in a database: tables and the words in them, sessions, and the audit log."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
