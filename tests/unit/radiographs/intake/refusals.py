"""DICOM files that are refused, for the tests of this folder."""

import pytest
from pydicom import uid

from fracture_core.base.errors import IntakeError
from fracture_core.base.settings import Settings
from fracture_core.radiographs.intake.read import read_radiograph
from tests.sample_files import PATIENT_SECRETS


def refuse(data: bytes, kind: type[IntakeError], settings: Settings | None = None) -> IntakeError:
    """Read, expecting that kind of error; it must have a remedy and nothing of the patient."""
    with pytest.raises(kind) as caught:
        read_radiograph(data, settings=settings)
    assert caught.value.remedy
    assert not any(secret in str(caught.value) for secret in PATIENT_SECRETS)
    return caught.value


def with_syntax(data: bytes, syntax: str) -> bytes:
    """Replace the transfer syntax in the file meta information, and its length."""
    old = build_meta_value(uid.ExplicitVRLittleEndian)
    new = build_meta_value(syntax)
    assert old in data
    length_at = data.index(b"UL\x04\x00") + 4
    length = int.from_bytes(data[length_at : length_at + 4], "little") + len(new) - len(old)
    data = data[:length_at] + length.to_bytes(4, "little") + data[length_at + 4 :]
    return data.replace(old, new)


def build_meta_value(syntax: str) -> bytes:
    value = syntax.encode() + b"\x00" * (len(syntax) % 2)
    return b"UI" + len(value).to_bytes(2, "little") + value
