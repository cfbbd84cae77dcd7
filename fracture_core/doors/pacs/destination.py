"""Where results go: an application entity that takes them by C-STORE, or the PACS by STOW-RS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fracture_core.base import Settings, SettingsError, get_settings
from fracture_core.doors.pacs.push import push_objects
from fracture_core.doors.pacs.send import Peer, send

_PEER = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5}):(?P<aet>[!-\[\]-~][ -\[\]-~]{0,15})")


@dataclass(frozen=True)
class Destination:
    """Where results go; ``peer`` is None where they go by STOW-RS."""

    peer: Peer | None

    @property
    def words(self) -> str:
        """How it is called: its title, or the PACS."""
        return self.peer.aet if self.peer else "PACS"

    def deliver(self, objects: Sequence[bytes]) -> None:
        """Send DICOM files; errors as of ``push_objects`` and ``send``."""
        if self.peer:
            send(self.peer, objects)
        else:
            push_objects(objects)


def find_destination(settings: Settings | None = None) -> Destination:
    """Return the destination that the settings name.

    Raises:
        SettingsError: none is named, or it is not one.
    """
    settings = settings or get_settings()
    text = settings.dimse_destination.strip()
    if text.startswith(("http://", "https://")):
        # One address, so that the PACS's password goes to nobody else.
        if text.rstrip("/") != settings.pacs_url.rstrip("/"):
            raise SettingsError("dimse_destination is another address than pacs_url.", "Set both to the same one.")
        return Destination(None)
    match = _PEER.fullmatch(text)
    if match is None or not 0 < int(match["port"]) < 65536:
        problem = "dimse_destination does not say where results go." if text else "Nothing says where results go."
        raise SettingsError(problem, "Set dimse_destination to host:port:AET, or to the address in pacs_url.")
    return Destination(Peer(match["host"].strip("[]"), int(match["port"]), match["aet"]))
