"""Objects to an application entity by C-STORE, and a C-ECHO to see whether it is there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from pydicom import Dataset, dcmread, uid
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from fracture_core.base import ObjectRefusedError, PacsError, get_settings
from fracture_core.doors.pacs.push import is_duplicate, word_failure
from fracture_core.doors.pacs.silence import silence_pynetdicom

_SYNTAXES = [uid.ExplicitVRLittleEndian, uid.ImplicitVRLittleEndian]
_WARNING = 0xB000


@dataclass(frozen=True)
class Peer:
    """An application entity: where it listens, and its title."""

    host: str
    port: int
    aet: str


def send(peer: Peer, objects: Sequence[bytes]) -> None:
    """Store DICOM files there, in order.

    Raises:
        PacsError: it cannot be reached, or does not take one of them.
    """
    datasets = [dcmread(BytesIO(data)) for data in objects]
    with _associated(peer, sorted({each.SOPClassUID for each in datasets})) as association:
        for dataset in datasets:
            try:
                answer = association.send_c_store(dataset)
            except (ValueError, RuntimeError):  # no accepted presentation context; the association has gone
                raise PacsError(
                    f"{peer.aet} does not take objects of this kind: {dataset.SOPClassUID.name}.", "Ask who runs it."
                ) from None
            _check(answer, peer)


def echo(peer: Peer) -> None:
    """Ask whether it is there; errors as of ``send``."""
    with _associated(peer, [Verification]) as association:
        _check(association.send_c_echo(), peer)


@contextmanager
def _associated(peer: Peer, kinds: Sequence[str]) -> Iterator[Association]:
    silence_pynetdicom()
    settings = get_settings()
    entity = AE(ae_title=settings.dimse_aet)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = settings.pacs_timeout_s
    entity.connection_timeout = settings.pacs_timeout_s
    for kind in kinds:
        entity.add_requested_context(kind, _SYNTAXES)
    association = entity.associate(peer.host, peer.port, ae_title=peer.aet)
    try:
        if not association.is_established:
            raise _explain(association, peer)
        yield association
    finally:
        if association.is_established:
            association.release()


def _explain(association: Association, peer: Peer) -> PacsError:
    if association.is_rejected:
        return PacsError(
            f"{peer.aet} at {peer.host}:{peer.port} does not accept us as {get_settings().dimse_aet}.",
            "Enter us there by this title, or correct dimse_destination.",
        )
    if association.is_aborted and association.acceptor.primitive is not None:
        return PacsError(f"{peer.aet} at {peer.host}:{peer.port} takes no objects of this kind.", "Ask who runs it.")
    return PacsError(f"{peer.aet} cannot be reached at {peer.host}:{peer.port}.", "See that it runs there.")


def _check(answer: Dataset, peer: Peer) -> None:
    if "Status" not in answer:
        raise PacsError(f"{peer.aet} broke off, or did not answer in time.", "Try again.")
    status = int(answer.Status)
    if status and status & 0xF000 != _WARNING and not is_duplicate(status):
        raise ObjectRefusedError(f"{peer.aet} did not take an object: {word_failure(status)}.", "Ask who runs it.")
