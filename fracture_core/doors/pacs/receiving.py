"""What the service says to those who send: an object is on the disk before it is acknowledged."""

import errno
import threading
from io import BytesIO
from typing import Any
from weakref import WeakKeyDictionary

from pydicom import Dataset, dcmread, uid
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomIO
from pydicom.filewriter import write_file_meta_info
from pynetdicom.association import Association
from pynetdicom.events import Event

from fracture_core.base import DatasetError, get_settings, log_incident
from fracture_core.datasets import check_free_space
from fracture_core.doors.pacs import spool
from fracture_core.doors.pacs.kinds import HEADER, is_ours, is_read
from fracture_core.radiographs import quiet_pydicom

# PS3.4 table B.2-1, PS3.7 annex C
STORED, NOT_KEPT, NO_ROOM, MISMATCH, NOT_UNDERSTOOD, TOO_LARGE = 0x0000, 0x0122, 0xA700, 0xA900, 0xC000, 0xC001
_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID")
_SPARE_BYTES = 1024**2  # around one object: its command and the frames of its parts
_LARGEST_PDU_BYTES = 1024**2  # far above what is agreed on; a peer may announce 4 GiB before it has said who it is
_MOST_WAITING = 2  # objects that a peer sends on before the first is answered


class Receiver:
    """Answers C-STORE requests.

    Args:
        arrived: set when an object is on the disk.
    """

    def __init__(self, arrived: threading.Event) -> None:
        self._arrived = arrived
        self._coming: WeakKeyDictionary[Association, int] = WeakKeyDictionary()

    def store(self, event: Event) -> Dataset:
        """Keep an object, then say so (``EVT_C_STORE``)."""
        status, words = self._keep(event)
        answer = Dataset()
        answer.Status = status
        if words:
            answer.ErrorComment = words[:64]
        return answer

    def bound(self, event: Event) -> None:
        """Let the connection end where one PDU is larger than any that was agreed on (``EVT_CONN_OPEN``)."""
        connection = event.assoc.dul.socket
        assert connection is not None  # the event says that it is open
        receive = connection.recv

        def receive_bounded(nr_bytes: int) -> bytearray:
            if nr_bytes > _LARGEST_PDU_BYTES:
                raise OSError(errno.EMSGSIZE, "a PDU that is too large")
            return receive(nr_bytes)

        connection.recv = receive_bounded  # type: ignore[method-assign]  # pynetdicom offers no bound of its own

    def count(self, event: Event) -> None:
        """Break off an association whose object grows beyond the limit while it comes (``EVT_DATA_RECV``)."""
        size = self._coming.get(event.assoc, 0) + len(event.data)
        self._coming[event.assoc] = size
        if size > get_settings().max_file_bytes + _SPARE_BYTES:
            self._coming[event.assoc] = 0
            event.assoc.dimse.message = None
            event.assoc.abort(block=False)

    def begin_anew(self, event: Event) -> None:
        """A message has come whole (``EVT_DIMSE_RECV``); a peer that does not wait for answers fills no memory."""
        self._coming[event.assoc] = 0
        if event.assoc.dimse.msg_queue.qsize() >= _MOST_WAITING:
            event.assoc.abort(block=False)

    def _keep(self, event: Event) -> tuple[int, str]:
        try:
            data = event.encoded_dataset()
            if len(data) > get_settings().max_file_bytes:
                return TOO_LARGE, "The object is larger than is accepted"
            refusal = _check(data, event)
            if refusal:
                return refusal
            meta = event.file_meta
            meta.SourceApplicationEntityTitle = event.assoc.requestor.ae_title
            check_free_space(spool.find_spool(), 2 * len(data), "Keeping the object")  # with its results
            spool.keep_received(spool.identify(data), _encode(meta, event.encoded_dataset(include_meta=False)))
        except (OSError, DatasetError):
            return NO_ROOM, "The object cannot be kept on the disk"
        except Exception as error:  # noqa: BLE001 - the sender keeps what it has not been told of
            log_incident(error, "receiving by DICOM")
            return NOT_UNDERSTOOD, "The object cannot be understood"
        self._arrived.set()
        return STORED, ""


def _check(data: bytes, event: Event) -> tuple[int, str] | None:
    """Return why an object is not taken; None where it is."""
    with quiet_pydicom():
        try:
            tags = [*HEADER, "SOPInstanceUID", *_NEEDED]
            header = dcmread(BytesIO(data), stop_before_pixels=True, specific_tags=tags)
            found = {keyword: str(header.get(keyword) or "") for keyword in tags}
        except Exception:  # noqa: BLE001 - not logged: pydicom's messages may quote the header
            return NOT_UNDERSTOOD, "The object cannot be understood"
    request: Any = event.request  # a C-STORE, by the handler
    if (found["SOPClassUID"], found["SOPInstanceUID"]) != (
        request.AffectedSOPClassUID,
        request.AffectedSOPInstanceUID,
    ):
        return MISMATCH, "The object is another one than announced"
    if not (is_read(header) or is_ours(header)):
        return NOT_KEPT, "Only radiographs are read here"
    for keyword in _NEEDED:
        if not uid.UID(found[keyword]).is_valid:
            return NOT_UNDERSTOOD, f"{keyword} is missing or unusable"
    return None


def _encode(meta: FileMetaDataset, encoded: bytes) -> bytes:
    stream = BytesIO()
    stream.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(DicomIO(stream), meta, enforce_standard=True)
    return stream.getvalue() + encoded
