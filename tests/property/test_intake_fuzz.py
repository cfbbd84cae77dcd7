"""Whatever the bytes: a Radiograph that keeps its promises, or an IntakeError."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import IntakeError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.radiograph import Radiograph
from tests.sample_files import build_every_type

LIMITS = Settings(
    max_pixels=1_000_000, max_frames=20, decode_timeout_s=20, decode_memory_bytes=2 * 1024**3, max_file_bytes=2_000_000
)
FILES = build_every_type()
MAGICS = (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II\x2a\x00", b"MM\x00\x2b", b"\x00" * 128 + b"DICM")
EXTREMES = (b"\x00", b"\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff", b"\x80\x00", b"\xff\xd9", b"%PDF-")

fuzz = settings(
    derandomize=True, deadline=None, database=None, max_examples=25, suppress_health_check=list(HealthCheck)
)


def read(data: bytes, frame: int = 0) -> Radiograph | None:
    """Return the radiograph, None where it was refused; anything else fails the test."""
    try:
        found = read_radiograph(data, frame=frame, settings=LIMITS)
    except IntakeError as error:
        assert error.problem
        return None
    assert found.pixels.dtype == np.float32
    assert found.pixels.ndim == 2
    assert 0 < found.pixels.size <= LIMITS.max_pixels
    assert np.isfinite(found.pixels).all()
    assert found.pixels.min() >= 0.0
    assert found.pixels.max() <= 1.0
    return found


@fuzz
@given(magic=st.sampled_from(MAGICS), noise=st.binary(max_size=2000), frame=st.integers(-1, 2))
def test_random_bytes(magic: bytes, noise: bytes, frame: int) -> None:
    read(magic + noise, frame)


@pytest.mark.parametrize("name", FILES)
@fuzz
@given(part=st.floats(0, 1, exclude_max=True), ending=st.sampled_from([b"", b"\xff\xd9", b"\x00" * 64]))
def test_a_file_cut_anywhere_is_refused_or_whole(name: str, part: float, ending: bytes) -> None:
    """What follows the last pixel may be missing; nothing of the picture may."""
    data = FILES[name]
    cut = data[: int(len(data) * part)] + ending
    found = read(cut)
    if found is not None and len(cut) < len(data):  # as long as before, it has changed bytes, not missing ones
        np.testing.assert_array_equal(found.pixels, read_radiograph(data).pixels)


@pytest.mark.parametrize("name", FILES)
@fuzz
@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from(EXTREMES))),
        min_size=1,
        max_size=6,
    ),
    removed=st.tuples(st.floats(0, 1), st.integers(0, 12)),
)
def test_a_file_with_changed_bytes(name: str, edits: list[tuple[float, bytes]], removed: tuple[float, int]) -> None:
    data = bytearray(FILES[name])
    for part, change in edits:
        at = int(part * (len(data) - 1))
        data[at : at + len(change)] = change
    at = int(removed[0] * (len(data) - 1))
    del data[at : at + removed[1]]
    read(bytes(data))
