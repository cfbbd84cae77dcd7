"""``python -m fracture_core``."""

import sys

from fracture_core.doors import main

sys.exit(main())
