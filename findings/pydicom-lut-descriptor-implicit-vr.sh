#!/usr/bin/env bash
# PS3.3 C.11.2.1.1: the second number of a VOI LUT descriptor has the sign of what goes into the table.
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
from pydicom.pixels import apply_modality_lut, apply_voi_lut


def write(syntax):
    """Return a CR of 16 values whose rescaled range, and so its VOI table, begins at -1024."""
    dataset, table = Dataset(), Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID, dataset.SOPInstanceUID = uid.ComputedRadiographyImageStorage, "1.2.826.0.1.1"
    dataset.Rows = dataset.Columns = 4
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "1", "-1024", "US"
    table.add_new("LUTDescriptor", "SS", [4096, -1024, 12])
    table.add_new("LUTData", "OW", np.arange(4096, dtype="<u2").tobytes())
    dataset.VOILUTSequence = [table]
    dataset.add_new("PixelData", "OW", np.linspace(0, 4095, 16).astype("<u2").tobytes())
    stream = BytesIO()
    pydicom.dcmwrite(stream, dataset, enforce_file_format=True)
    return pydicom.dcmread(BytesIO(stream.getvalue()))


print("pydicom", pydicom.__version__)
shown = {}
for syntax in (uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian):
    dataset = write(syntax)
    values = apply_voi_lut(apply_modality_lut(dataset.pixel_array, dataset).astype(np.int32), dataset)
    shown[syntax.name] = list(dataset.VOILUTSequence[0].LUTDescriptor), sorted(set(values.ravel().tolist()))
    print(syntax.name, "descriptor", shown[syntax.name][0], "different values shown", len(shown[syntax.name][1]))
assert shown["Explicit VR Little Endian"][0] == [4096, -1024, 12] and len(shown["Explicit VR Little Endian"][1]) == 16
assert shown["Implicit VR Little Endian"] == ([4096, 64512, 12], [0])
PYTHON
