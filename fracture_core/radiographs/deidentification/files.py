"""From a file's bytes to the bytes of one that identifies nobody by its header."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image
from pydicom import dcmread, uid
from pydicom.dataset import FileMetaDataset

from fracture_core.base import DeidentificationError, Settings, get_settings
from fracture_core.radiographs.deidentification.profile import apply_profile
from fracture_core.radiographs.intake.dicom_header import quiet_pydicom
from fracture_core.radiographs.intake.read import read_radiograph
from fracture_core.radiographs.radiograph import Radiograph

PIXELS = "The pixels are as they were: a name or a face in the picture itself is still there."


@dataclass(frozen=True)
class Deidentified:
    """A file without what identifies a person.

    Attributes:
        data: the new file.
        file_type: "DICOM", "JPEG", "PNG" or "TIFF"; the type of the original.
        warnings: what may still identify someone.
    """

    data: bytes
    file_type: str
    warnings: tuple[str, ...]


def deidentify_file(
    data: bytes, *, replaced_uids: dict[str, str] | None = None, settings: Settings | None = None
) -> Deidentified:
    """Strip a radiograph's file of patient data.

    A DICOM file keeps its pixels as they are encoded. By the basic profile of PS3.15 it loses names, ids, dates, UIDs,
    private elements and the rest of what the profile lists, at every depth. A JPEG, PNG or TIFF is written anew from
    its gray pixels, upright, so that no Exif, comment, profile, preview or other metadata comes along; a JPEG is
    compressed once more.

    Args:
        data: the file.
        replaced_uids: pass the same dict for files that belong together, so that they still do afterwards.
        settings: limits; the process's by default.

    Raises:
        IntakeError: the file cannot be read as a radiograph.
        DeidentificationError: its header cannot be stripped.
    """
    settings = settings or get_settings()
    radiograph = read_radiograph(data, settings=settings)
    if radiograph.source_type == "DICOM":
        stripped = _strip_dicom(data, {} if replaced_uids is None else replaced_uids)
    else:
        pages = [radiograph]
        pages += [read_radiograph(data, frame=page, settings=settings) for page in range(1, radiograph.frame_count)]
        stripped = _draw_anew(pages)
    notices = tuple(warning for warning in radiograph.warnings if "identify" in warning)
    return Deidentified(stripped, radiograph.source_type, (*notices, PIXELS))


def _strip_dicom(data: bytes, replaced_uids: dict[str, str]) -> bytes:
    with quiet_pydicom():
        try:
            dataset = dcmread(BytesIO(data), force=True)
            is_implicit, is_little = dataset.original_encoding
            stated = getattr(dataset, "file_meta", FileMetaDataset()).get("TransferSyntaxUID")
            plain = uid.ExplicitVRLittleEndian if is_little else uid.ExplicitVRBigEndian
            dataset.decode()
            apply_profile(dataset, replaced_uids)
            meta = FileMetaDataset()  # the old one names who sent and received the file
            meta.TransferSyntaxUID = stated or (uid.ImplicitVRLittleEndian if is_implicit else plain)
            meta.MediaStorageSOPClassUID = dataset.SOPClassUID
            meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
            dataset.file_meta, dataset.preamble = meta, bytes(128)
            stream = BytesIO()
            dataset.save_as(stream, enforce_file_format=True)
        except DeidentificationError:
            raise
        except Exception:  # noqa: BLE001 - not chained: pydicom's messages may quote the header
            raise DeidentificationError(
                "The DICOM file's header cannot be stripped of patient data.",
                "Export it from the PACS without patient data.",
            ) from None
    return stream.getvalue()


def _draw_anew(pages: list[Radiograph]) -> bytes:
    images = [Image.fromarray(_to_samples(page)) for page in pages]
    stream = BytesIO()
    if pages[0].source_type == "JPEG":
        images[0].save(stream, "JPEG", quality=95)
    elif pages[0].source_type == "PNG":
        images[0].save(stream, "PNG")
    else:
        images[0].save(stream, "TIFF", compression="tiff_adobe_deflate", save_all=True, append_images=images[1:])
    return stream.getvalue()


def _to_samples(page: Radiograph) -> np.ndarray:
    """Return ``(H, W)`` uint8 or uint16 in the file's own range; white is bright."""
    top = 2.0 ** min(page.bit_depth, 16) - 1.0
    return np.rint(page.pixels * top).astype(np.uint8 if page.bit_depth <= 8 else np.uint16)
