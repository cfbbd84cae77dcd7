"""Store and read: a DICOM service that takes radiographs by C-STORE and delivers what the model says of them."""

import threading
from collections.abc import Callable
from typing import Any

from filelock import FileLock, Timeout
from pynetdicom import AE, evt
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from fracture_core.base import PacsError, SettingsError, configure_logging, get_settings
from fracture_core.doors.pacs import spool
from fracture_core.doors.pacs.destination import find_destination
from fracture_core.doors.pacs.kinds import KINDS, SYNTAXES
from fracture_core.doors.pacs.receiving import Receiver
from fracture_core.doors.pacs.silence import silence_pynetdicom
from fracture_core.doors.pacs.worker import Worker
from fracture_core.networks import find_checkpoint
from fracture_core.reading import get_predictor, get_suitability_check

_ASSOCIATIONS = 4  # at a time; each may hold one object in memory
_PDU_BYTES = 128 * 1024
_LOCK = ".serve.lock"


def serve(stop: threading.Event, ready: Callable[[int], None] | None = None) -> None:
    """Take, read and deliver until ``stop`` is set.

    Args:
        stop: ends it after the object in hand.
        ready: called with the port once others can send.

    Raises:
        SettingsError: nobody may send, or nothing says where results go.
        PacsError: the service runs already, or its port is taken.
        CheckpointError, DeviceError: there is no model to read with.
        StoreError: the database cannot be used.
    """
    settings = get_settings()
    if not settings.dimse_peers:
        raise SettingsError("Nobody may send to this service.", "Name the senders' titles as dimse_peers.")
    find_destination()
    lock = _hold()
    try:
        checkpoint = find_checkpoint()
        get_predictor(checkpoint), get_suitability_check(checkpoint)
        spool.clean()
        arrived = threading.Event()
        worker = Worker(arrived, stop)
        server = _listen(Receiver(arrived))
        try:
            configure_logging().info("DICOM service listens on %s:%d", settings.dimse_host, settings.dimse_port)
            if ready:
                ready(settings.dimse_port)
            worker.run()
        finally:
            server.shutdown()
    finally:
        lock.release()


def is_running() -> bool:
    """Return whether a service of this state folder runs."""
    path = get_settings().state_dir / "pacs" / _LOCK
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _hold() -> FileLock:
    lock = FileLock(spool.find_spool() / _LOCK)
    try:
        lock.acquire(timeout=1)
    except Timeout:
        raise PacsError("The DICOM service runs already.", "End it first, or look: pacs status.") from None
    return lock


def _listen(receiver: Receiver):  # type: ignore[no-untyped-def]  # pynetdicom's server has no public type
    silence_pynetdicom()
    settings = get_settings()
    entity = AE(ae_title=settings.dimse_aet)
    entity.require_calling_aet = list(settings.dimse_peers)
    entity.require_called_aet = True
    entity.maximum_associations, entity.maximum_pdu_size = _ASSOCIATIONS, _PDU_BYTES
    entity.add_supported_context(Verification)
    for kind in KINDS:
        entity.add_supported_context(kind, list(SYNTAXES))
    handlers: list[Any] = [
        (evt.EVT_CONN_OPEN, receiver.bound),
        (evt.EVT_C_STORE, receiver.store),
        (evt.EVT_DATA_RECV, receiver.count),
        (evt.EVT_DIMSE_RECV, receiver.begin_anew),
    ]
    try:
        return entity.start_server((settings.dimse_host, settings.dimse_port), block=False, evt_handlers=handlers)
    except OSError as error:
        raise PacsError(
            f"Port {settings.dimse_port} of {settings.dimse_host} cannot be listened on ({error.strerror}).",
            "End what listens there, or change dimse_port or dimse_host.",
        ) from None
