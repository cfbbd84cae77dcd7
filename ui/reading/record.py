"""What a page says of a reading that is kept, or not. Apart: the history writes, this only tells."""

import streamlit as st

from fracture_core.reading import Keeping, ReadingRecord
from ui.shared.errors import escape_markdown
from ui.shared.frame import HISTORY, show_link


def show_record(keeping: Keeping) -> ReadingRecord | None:
    """Keep a reading and link to it, or say why it is not kept; return it as it stands."""
    if not keeping.is_wanted:
        return None
    record = keeping.find_record()
    if keeping.problem:
        st.warning(
            f"**This reading is not kept in the history.** {escape_markdown(str(keeping.problem))}",
            icon=":material/cloud_off:",
        )
        st.button("Keep it now", key="fx_keep_again", on_click=lambda: keeping.keep(again=True))
    elif record:
        show_link(HISTORY, "This reading in the history", query_params={"reading": record.id})
    else:
        st.caption("This reading has been deleted from the history.")
    return record
