"""``python -m fracture_core``.

Apart: Python looks for this very name.
"""

import sys

from fracture_core.doors import main

sys.exit(main())
