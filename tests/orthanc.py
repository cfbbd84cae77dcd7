"""An Orthanc of our own: from Debian's packages, on loopback, free ports and a folder of its own, with DICOMweb."""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

START_TIMEOUT_S = 60.0
HOW_TO_INSTALL = "no Orthanc with DICOMweb; on Debian: apt-get install orthanc orthanc-dicomweb"
USER, PASSWORD = "reader", "radius-and-ulna"
_PROGRAM = Path("/usr/sbin/Orthanc")
_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


@dataclass(frozen=True)
class Orthanc:
    """A running archive.

    Attributes:
        url: of DICOMweb.
        api_url: of Orthanc's own interface.
        dimse_port: of its DICOM server.
        aet: its application entity title.
    """

    url: str
    api_url: str
    dimse_port: int
    aet: str = "ARCHIVE"

    def store(self, data: bytes) -> str:
        """Put a DICOM file in; return Orthanc's id of it."""
        answer = requests.post(f"{self.api_url}/instances", data=data, auth=(USER, PASSWORD), timeout=30)
        answer.raise_for_status()
        return str(answer.json()["ID"])

    def ask(self, path: str) -> object:
        """Return what Orthanc's own interface says."""
        answer = requests.get(f"{self.api_url}/{path}", auth=(USER, PASSWORD), timeout=30)
        answer.raise_for_status()
        return answer.json()

    def list_objects(self) -> dict[str, dict[str, str]]:
        """Return the main tags of every instance, with those of its series and study, by its SOP Instance UID."""
        found: dict[str, dict[str, str]] = {}
        for instance in self.ask("instances?expand"):  # type: ignore[attr-defined]
            tags = self.ask(f"instances/{instance['ID']}/simplified-tags")
            found[tags["SOPInstanceUID"]] = tags  # type: ignore[index, assignment]
        return found

    def get_file(self, sop_instance_uid: str) -> bytes:
        """Return an instance's file."""
        ids = [
            each["ID"]
            for each in self.ask("instances?expand")  # type: ignore[attr-defined]
            if each["MainDicomTags"]["SOPInstanceUID"] == sop_instance_uid
        ]
        answer = requests.get(f"{self.api_url}/instances/{ids[0]}/file", auth=(USER, PASSWORD), timeout=30)
        answer.raise_for_status()
        return answer.content

    def send(self, instance_id: str, modality: str) -> requests.Response:
        """Let Orthanc send an instance to one of its modalities by C-STORE; the answer is Orthanc's."""
        return requests.post(
            f"{self.api_url}/modalities/{modality}/store", data=instance_id, auth=(USER, PASSWORD), timeout=60
        )


def is_installed() -> bool:
    """Return whether Debian's packages are there."""
    return _PROGRAM.exists() and _PLUGIN.exists()


@contextmanager
def run_orthanc(modalities: Mapping[str, tuple[str, int]] | None = None) -> Iterator[Orthanc]:
    """Serve an empty archive until the block ends.

    Args:
        modalities: whom it knows on this machine by DIMSE: name to application entity title and port.
    """
    folder = Path(tempfile.mkdtemp(prefix="fracture-orthanc-"))
    http_port, dimse_port = find_free_port(), find_free_port()
    archive = Orthanc(f"http://127.0.0.1:{http_port}/dicom-web", f"http://127.0.0.1:{http_port}", dimse_port)
    (folder / "orthanc.json").write_text(json.dumps(_configure(folder, http_port, dimse_port, modalities or {})))
    try:
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([_PROGRAM, str(folder / "orthanc.json")], stdout=log, stderr=log, cwd=folder)
        try:
            _wait_until_ready(archive, server, folder / "log")
            yield archive
        finally:
            server.kill()  # nothing of it is kept; an end in good order takes seconds
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configure(
    folder: Path, http_port: int, dimse_port: int, modalities: Mapping[str, tuple[str, int]]
) -> dict[str, object]:
    return {
        "Name": "tests",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "TemporaryDirectory": str(folder),
        "Plugins": [str(_PLUGIN)],
        "HttpPort": http_port,
        "HttpBindAddresses": ["127.0.0.1"],
        "DicomAet": Orthanc.aet,
        "DicomPort": dimse_port,
        "RemoteAccessAllowed": True,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {USER: PASSWORD},
        "DicomModalities": {name: [aet, "127.0.0.1", port] for name, (aet, port) in modalities.items()},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "StudiesMetadata": "Full", "SeriesMetadata": "Full"},
    }


def _wait_until_ready(archive: Orthanc, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline_s:
        try:
            if requests.get(f"{archive.url}/studies?limit=1", auth=(USER, PASSWORD), timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"Orthanc did not start:\n{log.read_text(errors='replace')[-2000:]}")
