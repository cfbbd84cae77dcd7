"""Which objects the service takes, and which of them were made here.

Apart: service, search and pull take the same kinds.
"""

from pydicom import Dataset, uid

from fracture_core.doors.dicom_out.common import PRODUCT
from fracture_core.doors.pacs.fetch import RADIOGRAPHS

# A PACS may send a whole study, our results with it; refused, they would make it report the study as not sent.
RESULTS = (uid.SecondaryCaptureImageStorage, uid.ComprehensiveSRStorage)
KINDS = (*RADIOGRAPHS, *RESULTS)
# Not deflated: how large an object is, is not known before it is unpacked, and intake refuses it.
SYNTAXES = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEGLSNearLossless,
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.RLELossless,
)
HEADER = ["SOPClassUID", "ManufacturerModelName"]


def is_ours(header: Dataset) -> bool:
    """Return whether an object is a result that was made here."""
    return header.get("SOPClassUID") in RESULTS and str(header.get("ManufacturerModelName", "")) == PRODUCT


def is_read(header: Dataset) -> bool:
    """Return whether an object is of a kind that is read; a Secondary Capture may be a film that was scanned."""
    return header.get("SOPClassUID") in (*RADIOGRAPHS, uid.SecondaryCaptureImageStorage)
