"""Support for reading limb radiographs for fractures: the library behind the app.

Works the same from Python, the command line (``python -m fracture_core``) and
the Streamlit pages. It supports a qualified reader; it does not replace one.
"""

__version__ = "0.1.0"
