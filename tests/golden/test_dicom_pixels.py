"""What DICOM files of many makers become, held still: pydicom's own samples, decoded by the pinned codecs.

After a change that is meant, look at the pictures, then refresh with ``pytest tests/golden --refresh-golden``.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import read_pydicom_sample

GOLDEN = Path(__file__).with_name("dicom_pixels.json")
SAMPLES = (
    "693_J2KI.dcm",
    "CT_small.dcm",
    "GDCMJ2K_TextGBR.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "JPEGLSNearLossless_16.dcm",
    "JPGExtended.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "SC_rgb_rle_16bit.dcm",
    "SC_ybr_full_422_uncompressed.dcm",
    "examples_overlay.dcm",
    "examples_palette.dcm",
    "examples_ybr_color.dcm",
    "liver_1frame.dcm",
)


def measure(name: str) -> dict[str, object]:
    """Return the size, the mean and a grid of 5 x 5 pixels of a sample."""
    pixels = read_radiograph(read_pydicom_sample(name)).pixels
    rows, columns = (np.linspace(0, side - 1, 5).astype(int) for side in pixels.shape)
    grid = np.round(pixels[np.ix_(rows, columns)].astype(float), 5)
    return {"shape": list(pixels.shape), "mean": round(float(pixels.mean(dtype=np.float64)), 5), "grid": grid.tolist()}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_become_what_they_were(name: str, refresh_golden: bool) -> None:
    golden, found = json.loads(GOLDEN.read_text()), measure(name)
    if refresh_golden:
        golden[name] = found
        GOLDEN.write_text(
            "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(golden[key])}" for key in golden) + "\n}\n"
        )
        return
    expected = golden[name]
    assert found["shape"] == expected["shape"]
    np.testing.assert_allclose(found["mean"], expected["mean"], atol=1e-4)
    # Lossy codecs may round another way on another machine: one step of 8 bits.
    np.testing.assert_allclose(found["grid"], expected["grid"], atol=1 / 255)
