"""Errors as a person should meet them: what is wrong, what to do, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from fracture_core.base import FractureError, log_incident


@contextmanager
def show_errors(doing: str) -> Iterator[None]:
    """Show any error of the block as a calm box; ``doing`` says in the log what was going on.

    Streamlit steers its script runs (stop, rerun) with exceptions that do not
    derive from ``Exception``, so they pass.
    """
    try:
        yield
    except FractureError as error:
        show_problem(error)
    except Exception as error:  # noqa: BLE001 - the last stop before a traceback on the page
        show_problem(describe_incident(error, doing))


def show_problem(error: FractureError, title: str = "") -> None:
    """Show a foreseen error: the problem, then the remedy."""
    parts = [f"**{escape_markdown(title)}**"] if title else []
    parts += [escape_markdown(text) for text in (error.problem, error.remedy) if text]
    st.error("  \n".join(parts), icon=":material/error:")


def describe_incident(error: Exception, doing: str) -> FractureError:
    """Log an unforeseen error; return what a person should read of it, with the id that finds it in the log."""
    return FractureError(
        f"Something unexpected happened, id {log_incident(error, doing)}.",
        "The details are in the log under this id. Try again; if it stays, quote the id to whoever runs this app.",
    )


def escape_markdown(text: str) -> str:
    """Return ``text`` so that names from outside (files, folders) show as they are."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>#|~$:" else character for character in text)
