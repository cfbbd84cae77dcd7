"""Processes that outlive whoever started them.

Apart: a training is started so as well as a task of this folder.
"""

import json
import os
import subprocess
import sys
from typing import Any

from fracture_core.base.settings import IS_INSTALLED, PROJECT_DIR, get_settings


def build_detached_options() -> dict[str, Any]:
    """Return the arguments of ``Popen`` that give a process a session of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    return {"start_new_session": True}


def build_child_environment() -> dict[str, str]:
    """Return a child's environment: the settings of this process, also those that did not come from it."""
    settings = get_settings().model_dump(mode="json")
    paths = {
        name: str(getattr(get_settings(), name).resolve()) for name in ("state_dir", "data_dir", "checkpoints_dir")
    }
    texts = {name: json.dumps(value) if isinstance(value, list) else str(value) for name, value in settings.items()}
    named = {f"FRACTURE_{name.upper()}": text for name, text in (texts | paths).items()}
    # A child finds an installed library as its parent did; a checkout need not be the folder that it starts in.
    checkout = "" if IS_INSTALLED else str(PROJECT_DIR)
    path = os.pathsep.join(filter(None, [checkout, os.environ.get("PYTHONPATH")]))
    return os.environ | named | {"PYTHONPATH": path, "OMP_WAIT_POLICY": "PASSIVE"}
