"""``python -m fracture_core``."""

import sys

from fracture_core.allocator import keep_freed_memory
from fracture_core.cli import main

keep_freed_memory()
sys.exit(main())
