"""A radiograph's facts without its pixels, and its pixels for display."""

import numpy as np

from fracture_core.radiographs.radiograph import FullDepth, Radiograph


def test_without_pixels_its_facts_and_its_size_stay_and_take_no_memory() -> None:
    full = Radiograph(np.ones((300, 200), np.float32), "DICOM", sha256="s", full_depth=FullDepth(np.ones((300, 200))))
    bare = full.without_pixels()
    assert (bare.height_px, bare.width_px, bare.sha256, bare.full_depth) == (300, 200, "s", None)
    assert bare.pixels.strides == (0, 0) and not bare.pixels.any()


def test_display_rounds_and_stays_within_8_bits() -> None:
    pixels = np.array([[0.0, 0.5, 1.0, -0.1, 1.1, 100.4 / 255]], np.float32)
    shown = Radiograph(pixels, "PNG").to_uint8()
    assert shown.dtype == np.uint8 and shown.tolist() == [[0, 128, 255, 0, 255, 100]]


def test_the_exams_hash_does_not_get_into_logs() -> None:
    assert "secret" not in repr(Radiograph(np.zeros((1, 1), np.float32), "PNG", exam_sha256="secret"))
