"""``python -m fracture_core``."""

import sys

from fracture_core.base import keep_freed_memory
from fracture_core.doors import main

keep_freed_memory()
sys.exit(main())
