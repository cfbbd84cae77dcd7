#!/usr/bin/env bash
# OpenJPEG is asked for six resolutions whatever the size: a side of less than 32 pixels cannot be halved five times.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$folder" pydicom==3.0.2 pylibjpeg==2.1.0 pylibjpeg-openjpeg==2.6.0 numpy==2.4.6
PYTHONPATH="$folder" python3 - <<'PYTHON'
import numpy as np
import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset


def compress(side):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = uid.ComputedRadiographyImageStorage, "1.2.826.0.1.1"
    dataset.Rows = dataset.Columns = side
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.add_new("PixelData", "OW", np.arange(side * side, dtype="<u2").tobytes())
    try:
        dataset.compress(uid.JPEG2000Lossless)
    except RuntimeError as error:
        return str(error).splitlines()[-1].strip()
    return "compressed"


print("pydicom", pydicom.__version__, "pylibjpeg-openjpeg 2.6.0")
found = {side: compress(side) for side in (16, 31, 32, 64)}
for side, said in found.items():
    print(side, "x", side, said)
assert found[32] == found[64] == "compressed"
assert all("opj_start_compress" in found[side] for side in (16, 31))
PYTHON
