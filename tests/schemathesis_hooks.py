"""Gives schemathesis radiographs to send: what makes a file readable no schema can say. See schemathesis.toml."""

import schemathesis
from hypothesis import strategies as st

from tests.sample_files import build_dicom, draw_bone, encode_gray
from tests.tiny_world import encode_phantom

PICTURES = {
    "application/dicom": build_dicom(draw_bone()),
    "image/png": encode_phantom(size_px=64),
    "image/jpeg": encode_gray(8, "JPEG"),
    "image/tiff": encode_gray(16, "TIFF"),
}
for _media_type, _data in PICTURES.items():
    schemathesis.openapi.media_type(_media_type, st.just(_data))
