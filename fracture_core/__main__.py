"""``python -m fracture_core``."""

import sys

from fracture_core.cli import main

sys.exit(main())
