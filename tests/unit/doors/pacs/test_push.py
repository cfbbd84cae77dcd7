"""What the archive took, and what it did not."""

import json
from io import BytesIO

import pytest
from pydicom import dcmread

from fracture_core.base.errors import PacsError
from fracture_core.doors.pacs.pull import pull_study
from fracture_core.doors.pacs.push import push_objects
from fracture_core.doors.pacs.push_worklist import push_worklist
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.loaded import get_predictor
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.store.database import reading_session
from fracture_core.store.tables import AuditLogRow
from tests.orthanc import Orthanc
from tests.sample_files import build_dicom, draw_bone
from tests.unit.doors.pacs.conftest import SetUp, draw_study
from tests.unit.doors.pacs.fake_server import run_fake


def test_results_sent_twice_are_there_once(orthanc: Orthanc, checkpoint: Checkpoint) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    pulled = pull_study(study.uid, checkpoint)
    with pytest.raises(PacsError, match="nothing to send"):
        push_worklist(pulled.worklist_id)
    read_worklist_files(pulled.worklist_id, get_predictor)
    assert push_worklist(pulled.worklist_id, [2], who="Ada") == 1
    assert push_worklist(pulled.worklist_id, who="Ada") == 2
    there = [tags for tags in orthanc.list_objects().values() if tags["StudyInstanceUID"] == study.uid]
    assert sorted(tags["Modality"] for tags in there) == ["CR", "CR", "OT", "OT", "SR", "SR"]
    assert {tags["PatientID"] for tags in there} == {f"P{study.accession_number}"}
    with reading_session() as session:
        told = [(row.who, row.details) for row in session.query(AuditLogRow).filter_by(action="push")]
    assert len(told) == 3 and told[0] == ("Ada", '{"objects": 2, "to": "PACS"}')


@pytest.mark.parametrize("status", [200, 202, 409])
@pytest.mark.parametrize(
    ("reason", "words"), [(0xA700, "no room"), (0x0122, "of this kind"), (0xC123, "understand"), (0x9999, "code 9999")]
)
def test_what_the_archive_did_not_take_is_told(set_up: SetUp, status: int, reason: int, words: str) -> None:
    data = build_dicom(draw_bone())
    refused = dcmread(BytesIO(data)).SOPInstanceUID
    answer = {
        "00081198": {
            "vr": "SQ",
            "Value": [
                {
                    "00081155": {"vr": "UI", "Value": [refused]},
                    "00081197": {"vr": "US", "Value": [reason]},
                }
            ],
        }
    }
    with run_fake(lambda _: (status, "application/dicom+json", json.dumps(answer).encode())) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match=f"did not take 1 of 1 objects: .*{words}"):
            push_objects([data])


def test_an_object_that_is_there_already_is_no_failure(set_up: SetUp) -> None:
    data = build_dicom(draw_bone())
    item = {"00081155": {"vr": "UI", "Value": [dcmread(BytesIO(data)).SOPInstanceUID]}}
    item["00081197"] = {"vr": "US", "Value": [0x0111]}
    body = json.dumps({"00081198": {"vr": "SQ", "Value": [item]}}).encode()
    with run_fake(lambda _: (409, "application/dicom+json", body)) as url:
        set_up(pacs_url=url)
        push_objects([data])


def test_a_silent_success_is_not_believed(set_up: SetUp) -> None:
    with run_fake(lambda _: (200, "application/dicom+json", b"{}")) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match="did not take 1 of 1 objects: it does not say why"):
            push_objects([build_dicom(draw_bone())])
