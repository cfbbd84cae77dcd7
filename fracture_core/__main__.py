"""``python -m fracture_core``."""

import sys

from fracture_core.base.allocator import keep_freed_memory
from fracture_core.doors.cli import main

keep_freed_memory()
sys.exit(main())
