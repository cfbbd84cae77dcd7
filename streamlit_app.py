"""The app's entry, ``streamlit run streamlit_app.py``: the pages, and the API at the same address.

Streamlit's server imports this file for ``app``, and runs it as a script (``__main__``) for the page Home.
"""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from ui.home.page import show_page

    show_page()
else:
    from starlette.middleware import Middleware

    from fracture_core.base import keep_freed_memory
    from fracture_core.doors import Beside

    keep_freed_memory()

    _api = Beside("/History", st.get_option("server.baseUrlPath"))
    app = st.App(Path(__file__), routes=[_api], lifespan=_api.live, middleware=[Middleware(_api.hold_pages)])
