"""Which radiographs are views of one exam, without keeping the exam's identifier."""

import hmac
from hashlib import sha256
from io import BytesIO

from pydicom import dcmread

from fracture_core.radiographs import quiet_pydicom, read_value

_LENGTH = 32  # hexadecimal digits; far more than are needed to tell the exams of a list apart


def hash_study(data: bytes, salt: str) -> str:
    """Return a hash of a DICOM file's Study Instance UID; empty where the file states none.

    The salt is of one worklist, so that the same exam in another worklist has another hash, and the UID, which an
    archive could be asked for, is not kept.

    Args:
        data: the file, which intake has read already.
        salt: of the worklist.
    """
    with quiet_pydicom():
        try:
            header = dcmread(BytesIO(data), stop_before_pixels=True, force=True, specific_tags=["StudyInstanceUID"])
            uid = str(read_value(header, "StudyInstanceUID") or "").strip("\0 ")
        except Exception:  # noqa: BLE001 - not chained nor told: pydicom's messages may quote the header
            return ""
    return hmac.new(salt.encode(), uid.encode("utf-8", "replace"), sha256).hexdigest()[:_LENGTH] if uid else ""
