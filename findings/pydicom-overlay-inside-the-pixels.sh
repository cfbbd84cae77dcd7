#!/usr/bin/env bash
# PS3.3 of 2001, C.9.2: an overlay may lie in unused high bits of the pixels; old archives hold such side markers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$folder" pydicom==3.0.2 numpy==2.4.6
PYTHONPATH="$folder" python3 - <<'PYTHON'
from io import BytesIO

import numpy as np
import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset

marker = np.zeros((16, 16), int)
marker[2:5, 2:12] = 1
pixels = (np.arange(256).reshape(16, 16) | marker << 12).astype("<u2")
dataset = Dataset()
dataset.file_meta = FileMetaDataset()
dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
dataset.SOPClassUID, dataset.SOPInstanceUID = uid.ComputedRadiographyImageStorage, "1.2.826.0.1.1"
dataset.Rows, dataset.Columns = pixels.shape
dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
dataset.add_new("PixelData", "OW", pixels.tobytes())
for element, vr, value in ((0x10, "US", 16), (0x11, "US", 16), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
                           (0x100, "US", 16), (0x102, "US", 12)):
    dataset.add_new(0x60000000 + element, vr, value)
stream = BytesIO()
pydicom.dcmwrite(stream, dataset, enforce_file_format=True)
read = pydicom.dcmread(BytesIO(stream.getvalue()))
print("pydicom", pydicom.__version__, "largest pixel", int(read.pixel_array.max()))
assert read.pixel_array.max() == 255  # the high bits are masked: nothing of the marker is seen in the pixels
raw = np.frombuffer(read.PixelData, "<u2").reshape(16, 16)
assert ((raw >> 12 & 1) == marker).all()  # and yet it is there
try:
    read.overlay_array(0x6000)
except AttributeError as error:
    print("overlay_array:", error)
else:
    raise SystemExit("overlay_array reads it now")
PYTHON
