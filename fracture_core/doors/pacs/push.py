"""Objects to the PACS by STOW-RS. One that it has already stays as it is there."""

from collections.abc import Sequence
from io import BytesIO

from pydicom import Dataset, dcmread
from requests import HTTPError

from fracture_core.base import ObjectRefusedError, Settings
from fracture_core.doors.pacs.client import connect, explain_status, telling
from fracture_core.store import log_action

# Failure Reason (PS3.18 I.2.2, PS3.4 B.2.3, PS3.7 C).
_REASONS = {
    0x0110: "a fault of its own",
    0x0122: "it does not store objects of this kind",
    0x0124: "we may not store there",
    0x0213: "it has no room",
    0xA700: "it has no room",
    0xA900: "the object does not fit its kind",
    0xC000: "it cannot understand the object",
}
_DUPLICATE = 0x0111


def push_objects(objects: Sequence[bytes], settings: Settings | None = None) -> None:
    """Store DICOM files in the PACS; done again, it changes nothing.

    Raises:
        PacsError: the PACS cannot be reached, or does not take all of them.
    """
    client, datasets = connect(settings), [dcmread(BytesIO(data)) for data in objects]
    with telling(settings):
        try:
            answer = client.store_instances(datasets)
        except HTTPError as error:
            answer = _read_refusal(error)
    _check_answer(answer, [str(each.SOPInstanceUID) for each in datasets])


def tell_push(subject: str, who: str) -> None:
    """Tell the audit log that the objects about a reading were stored in the PACS.

    Args:
        subject: the reading's id, or the hash of its file.
        who: wanted it.
    """
    log_action("push", subject, who=who, to="PACS", objects=2)


def word_failure(reason: int) -> str:
    """Return what a Failure Reason, or a status of C-STORE, means."""
    if reason in _REASONS:
        return _REASONS[reason]
    family = {0xA700: 0xA700, 0xA900: 0xA900}.get(reason & 0xFF00) or (0xC000 if reason & 0xF000 == 0xC000 else 0)
    return _REASONS.get(family, f"code {reason:04X}")


def is_duplicate(reason: int) -> bool:
    """Return whether a failure only says that the object is there already."""
    return reason == _DUPLICATE


def _read_refusal(error: HTTPError) -> Dataset:
    """Return what the PACS says of each object where it took none (HTTP 409)."""
    response = error.response
    assert response is not None  # an error of HTTP is an answer
    try:
        said = Dataset.from_json(response.json())
    except (ValueError, TypeError, AttributeError, KeyError):
        said = Dataset()
    if not said.get("FailedSOPSequence"):
        raise explain_status(response.status_code) from None
    return said


def _check_answer(answer: Dataset, wanted: Sequence[str]) -> None:
    failed = {
        str(item.get("ReferencedSOPInstanceUID", "")): int(item.get("FailureReason", 0) or 0)
        for item in answer.get("FailedSOPSequence") or ()
    }
    stored = {str(item.get("ReferencedSOPInstanceUID", "")) for item in answer.get("ReferencedSOPSequence") or ()}
    reasons = [failed.get(uid, 0) for uid in wanted if uid not in stored and not is_duplicate(failed.get(uid, 0))]
    if reasons:
        words = sorted({word_failure(reason) for reason in reasons if reason}) or ["it does not say why"]
        raise ObjectRefusedError(
            f"The PACS did not take {len(reasons)} of {len(wanted)} objects: {', '.join(words)}.", "Ask who runs it."
        )
