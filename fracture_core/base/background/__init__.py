"""Work of minutes in a process of its own, that outlives the page which asked for it.

``STATE_DIR/background`` holds, by a hash of what is done: KEY.json (how it stands), KEY.log, .KEY.lock (held by
the process at work, and freed by the system however that ends) and .KEY.cancel (somebody asked to cancel).
"""
