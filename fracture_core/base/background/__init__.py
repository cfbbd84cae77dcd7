"""Work of minutes in a process of its own, that outlives the page which asked for it.

``STATE_DIR/background`` holds, by a hash of what is done: KEY.json (how it stands), KEY.log, .KEY.lock (held by
the process at work, and freed by the system however that ends) and .KEY.cancel (somebody asked to cancel).
"""

from fracture_core.base.background.begin import cancel, dismiss, start
from fracture_core.base.background.states import Task, TaskState, list_tasks, read_task
from fracture_core.base.background.work import working

__all__ = ["Task", "TaskState", "cancel", "dismiss", "list_tasks", "read_task", "start", "working"]
