#!/usr/bin/env bash
# Near-lossless means that no value is off by more than NEAR; signed pixels are coded as unsigned ones and wrap.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$folder" pydicom==3.0.2 pyjpegls==1.5.1 numpy==2.4.6
PYTHONPATH="$folder" python3 - <<'PYTHON'
from io import BytesIO

import numpy as np
import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset

pixels = (np.arange(4096) - 2048).astype("<i2").reshape(64, 64)
worst = {}
for near in (0, 1, 2, 3, 5):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = uid.ComputedRadiographyImageStorage, "1.2.826.0.1.1"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 1
    dataset.add_new("PixelData", "OW", pixels.tobytes())
    if near:
        dataset.compress(uid.JPEGLSNearLossless, jls_error=near)
    else:
        dataset.compress(uid.JPEGLSLossless)
    stream = BytesIO()
    pydicom.dcmwrite(stream, dataset, enforce_file_format=True)
    back = pydicom.dcmread(BytesIO(stream.getvalue())).pixel_array
    worst[near] = int(np.abs(back.astype(int) - pixels).max())
    print("pydicom", pydicom.__version__, "pyjpegls 1.5.1", "NEAR", near, "largest error", worst[near])
assert worst[0] == 0
assert max(worst.values()) > 4000, worst  # off by the whole range, not by NEAR
PYTHON
