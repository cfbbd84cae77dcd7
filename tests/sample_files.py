"""Small files of every type that intake reads, built for tests; no file of the shared data is needed."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import uid
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

REPOSITORY = Path(__file__).resolve().parent.parent
# Written into every DICOM file built here; none of it may come out of intake.
PATIENT_SECRETS = ("DOE^JANE", "PID-4711", "19700131", "1.2.826.0.1.3680043.8.498.7", "ACC-0815")


def find_shared_data(*parts: str) -> Path:
    """Return a path of the shared data; skip the test, with the reason, where it is not there."""
    root = Path(os.environ.get("FRACTURE_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data not there: {path}")
    return path


def draw_bone(bits: int = 12, height_px: int = 40, width_px: int = 48) -> np.ndarray:
    """Return ``(H, W)`` unsigned integers that use all of ``bits``: a bright shaft on a sloping background."""
    rows, columns = np.mgrid[0:height_px, 0:width_px]
    picture = 0.3 * rows / height_px + 0.2 * np.sin(columns / 3.0) ** 2
    picture += 0.5 * (np.abs(columns - width_px / 2) < width_px / 6)
    picture = (picture - picture.min()) / (picture.max() - picture.min())
    return np.rint(picture * (2**bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def encode(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """Return a picture's file as Pillow writes it."""
    stream = BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def encode_gray(bits: int, file_format: str, **options: Any) -> bytes:
    return encode(Image.fromarray(draw_bone(bits)), file_format, **options)


def encode_big_endian_tiff(pixels: np.ndarray, **options: Any) -> bytes:
    """Return a 16-bit TIFF in Motorola byte order."""
    size = (pixels.shape[1], pixels.shape[0])
    return encode(Image.frombytes("I;16B", size, pixels.astype(">u2").tobytes()), "TIFF", **options)


def set_tiff_tag(data: bytes, tag: int, value: int) -> bytes:
    """Return a classic TIFF with the value of a SHORT tag of its first page replaced."""
    order = "<" if data[:2] == b"II" else ">"
    start = struct.unpack(f"{order}L", data[4:8])[0]
    for index in range(struct.unpack(f"{order}H", data[start : start + 2])[0]):
        at = start + 2 + 12 * index
        if struct.unpack(f"{order}H", data[at : at + 2])[0] == tag:
            return data[: at + 8] + struct.pack(f"{order}H", value) + data[at + 10 :]
    raise KeyError(tag)


def build_png(width_px: int, height_px: int, bit_depth: int, color_type: int, rows: bytes) -> bytes:
    """Return a PNG of the layout that Pillow does not write, or of a size that its data does not have."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width_px, height_px, bit_depth, color_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def build_dataset(pixels: np.ndarray | None = None, **attributes: Any) -> Dataset:
    """Return a computed radiography data set with patient data; ``attributes`` override or, as None, remove."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    dataset.SOPClassUID = uid.ComputedRadiographyImageStorage
    dataset.SOPInstanceUID = dataset.StudyInstanceUID = dataset.SeriesInstanceUID = PATIENT_SECRETS[3]
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = PATIENT_SECRETS[:3]
    dataset.AccessionNumber = PATIENT_SECRETS[4]
    dataset.StudyDate = dataset.ContentDate = PATIENT_SECRETS[2]
    dataset.Modality, dataset.BodyPartExamined, dataset.ViewPosition = "CR", "ANKLE", "AP"
    if pixels is not None:
        _describe_pixels(dataset, pixels)
    for keyword, value in attributes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = PATIENT_SECRETS[3]
    return dataset


def _describe_pixels(dataset: Dataset, pixels: np.ndarray) -> None:
    """Add the Image Pixel module; ``(H, W)``, ``(N, H, W)`` or, of 8 bits, ``(H, W, 3)``."""
    is_color = pixels.ndim == 3 and pixels.shape[-1] == 3
    if pixels.ndim == 3 and not is_color:
        dataset.NumberOfFrames = len(pixels)
    dataset.Rows, dataset.Columns = pixels.shape[:2] if is_color else pixels.shape[-2:]
    dataset.SamplesPerPixel = 3 if is_color else 1
    dataset.PhotometricInterpretation = "RGB" if is_color else "MONOCHROME2"
    if is_color:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = 8 * pixels.itemsize
    dataset.BitsStored = 8 if pixels.itemsize == 1 else min(12, 8 * pixels.itemsize)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.tobytes() + b"\x00" * (pixels.nbytes % 2)
    dataset["PixelData"].VR = "OB" if pixels.itemsize == 1 else "OW"


def write_dicom(dataset: Dataset) -> bytes:
    """Return the file of a data set."""
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def build_dicom(pixels: np.ndarray | None = None, **attributes: Any) -> bytes:
    """Return an uncompressed DICOM file; see `build_dataset`."""
    return write_dicom(build_dataset(pixels, **attributes))


def build_bare_dicom(pixels: np.ndarray, syntax: uid.UID, **attributes: Any) -> bytes:
    """Return a data set without preamble and file meta information."""
    dataset = build_dataset(pixels, **attributes)
    del dataset.file_meta
    stream = BytesIO()
    dataset.save_as(stream, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian)
    return stream.getvalue()


def build_compressed(syntax: uid.UID, pixels: np.ndarray | None = None, **attributes: Any) -> bytes:
    """Return a DICOM file in a compressed transfer syntax."""
    pixels = draw_bone(8 if syntax == uid.JPEGBaseline8Bit else 12) if pixels is None else pixels
    dataset = build_dataset(pixels, **attributes)
    if syntax == uid.JPEGBaseline8Bit:
        return encapsulate_frames(dataset, syntax, [encode(Image.fromarray(pixels), "JPEG", quality=95)])
    if syntax in (uid.JPEGLossless, uid.JPEGLosslessSV1):
        return _compress_with_gdcm(dataset, syntax)
    options: dict[str, Any] = {"j2k_cr": [10]} if syntax == uid.JPEG2000 else {}
    if syntax == uid.JPEGLSNearLossless:
        options = {"jls_error": 2}
    dataset.compress(syntax, generate_instance_uid=False, **options)
    return write_dicom(dataset)


def encapsulate_frames(dataset: Dataset, syntax: uid.UID, codestreams: list[bytes]) -> bytes:
    """Return a DICOM file whose frames are the given codestreams."""
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate(codestreams)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return write_dicom(dataset)


def read_pydicom_sample(name: str) -> bytes:
    """Return one of the files that pydicom brings along, for what cannot be written here."""
    path = get_testdata_file(name, download=False)
    assert path is not None, f"pydicom no longer brings {name}"
    return Path(str(path)).read_bytes()


def _compress_with_gdcm(dataset: Dataset, syntax: uid.UID) -> bytes:
    """Compress by the lossless JPEG processes, which only GDCM writes; it works on files."""
    import gdcm

    kinds = {
        uid.JPEGLossless: gdcm.TransferSyntax.JPEGLosslessProcess14,
        uid.JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    }
    with TemporaryDirectory() as folder:
        source, target = f"{folder}/source.dcm", f"{folder}/target.dcm"
        Path(source).write_bytes(write_dicom(dataset))
        reader = gdcm.ImageReader()
        reader.SetFileName(source)
        assert reader.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(kinds[syntax]))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFileName(target)
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        assert writer.Write()
        return Path(target).read_bytes()


LOSSLESS_SYNTAXES = (
    uid.RLELossless,
    uid.JPEG2000Lossless,
    uid.JPEGLSLossless,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
)
LOSSY_SYNTAXES = (uid.JPEGBaseline8Bit, uid.JPEG2000, uid.JPEGLSNearLossless)


def draw_color() -> Image.Image:
    """Return an RGB picture whose channels differ."""
    bone = draw_bone(8)
    return Image.merge("RGB", [Image.fromarray(np.ascontiguousarray(c)) for c in (bone, bone[::-1], bone[:, ::-1])])


def build_every_type() -> dict[str, bytes]:
    """Return one small valid file of every type and of every transfer syntax that can be written here."""
    color = draw_color()
    pages = [Image.fromarray(np.roll(draw_bone(8), shift, axis=1)) for shift in (0, 5, 10)]
    files = {
        "JPEG": encode_gray(8, "JPEG"),
        "JPEG progressive": encode(color, "JPEG", progressive=True),
        "PNG": encode_gray(8, "PNG"),
        "PNG 16 bit": encode_gray(16, "PNG"),
        "PNG palette": encode(color.quantize(32), "PNG"),
        "TIFF": encode_gray(12, "TIFF"),
        "TIFF big endian": encode_big_endian_tiff(draw_bone(16)),
        "TIFF LZW": encode(color, "TIFF", compression="tiff_lzw"),
        "TIFF JPEG": encode(color, "TIFF", compression="jpeg"),
        "TIFF pages": encode(pages[0], "TIFF", save_all=True, append_images=pages[1:]),
        "BigTIFF": encode_gray(16, "TIFF", big_tiff=True),
        "DICOM": build_dicom(draw_bone(), WindowCenter=2048, WindowWidth=4096),
        "DICOM color": build_dicom(np.asarray(color)),
        "DICOM frames": build_dicom(np.stack([draw_bone(), draw_bone()[::-1]])),
        "DICOM bare": build_bare_dicom(draw_bone(), uid.ImplicitVRLittleEndian),
    }
    for syntax in (*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES):
        files[f"DICOM {syntax.name}"] = build_compressed(syntax)
    files["DICOM JPEG Extended"] = read_pydicom_sample("JPGExtended.dcm")
    return files
