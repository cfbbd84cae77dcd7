"""A study becomes a worklist with its files as they are."""

from pathlib import Path

import pytest
from pydicom import uid
from pydicom.uid import generate_uid

from fracture_core.base.errors import PacsError
from fracture_core.doors.pacs.fetch import fetch_study
from fracture_core.doors.pacs.pull import pull_study
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.reading.loaded import get_predictor
from fracture_core.records.worklist.places import find_kept
from fracture_core.records.worklist.read import read_items, read_worklist
from fracture_core.records.worklist.reader import read_worklist_files
from fracture_core.records.worklist.studies import build_studies
from fracture_core.store.database import reading_session
from fracture_core.store.tables import ReadingRow
from tests.orthanc import Orthanc
from tests.sample_files import LOSSLESS_SYNTAXES, build_compressed, build_dicom, draw_bone
from tests.unit.doors.pacs.conftest import SetUp, draw_study


def test_a_study_becomes_a_worklist_with_its_files_as_they_are(orthanc: Orthanc, checkpoint: Checkpoint) -> None:
    study = draw_study(2)
    document = build_dicom(
        None,
        SOPClassUID=uid.BasicTextSRStorage,
        StudyInstanceUID=study.uid,
        SeriesInstanceUID=generate_uid(),
        SOPInstanceUID=generate_uid(),
        Modality="SR",
    )
    for data in (*study.files, document):
        orthanc.store(data)
    told = []
    pulled = pull_study(study.uid, checkpoint, tell=lambda done, total: told.append((done, total)))
    assert (pulled.radiographs, dict(pulled.left_out), told) == (2, {"Basic Text SR": 1}, [(1, 2), (2, 2)])
    kept = sorted(find_kept(pulled.worklist_id).iterdir())
    assert [path.read_bytes() for path in kept] == list(study.files)
    assert read_worklist_files(pulled.worklist_id, get_predictor)
    worklist, items = read_worklist(pulled.worklist_id), read_items(pulled.worklist_id)
    assert (worklist.source, worklist.left_out, [item.name for item in items]) == ("PACS", 1, ["CR-1.dcm", "CR-2.dcm"])
    assert [item.status for item in items] == ["done", "done"] and len(build_studies(items)) == 1
    with reading_session() as session:
        assert {row.source for row in session.query(ReadingRow)} == {"PACS"}
    everything = repr((worklist, items, [path.name for path in kept]))
    assert not any(secret in everything for secret in (study.uid, study.accession_number, "DOE"))


def test_every_encoding_comes_as_it_is_stored(orthanc: Orthanc, tmp_path: Path) -> None:
    study, series = generate_uid(), generate_uid()
    stored = {}
    for number, syntax in enumerate(LOSSLESS_SYNTAXES, 1):
        data = build_compressed(
            syntax,
            draw_bone(),
            StudyInstanceUID=study,
            SeriesInstanceUID=series,
            SOPInstanceUID=generate_uid(),
            InstanceNumber=number,
        )
        stored[syntax] = data
        orthanc.store(data)
    fetched = fetch_study(study, tmp_path)
    assert [file.path.read_bytes() for file in fetched.files] == list(stored.values())


def test_what_cannot_be_read_makes_no_worklist(orthanc: Orthanc, checkpoint: Checkpoint, set_up: SetUp) -> None:
    with pytest.raises(PacsError, match="no object of this study"):
        pull_study(generate_uid(), checkpoint)
    scan = draw_study(3, SOPClassUID=uid.CTImageStorage, Modality="CT")
    views = draw_study(3)
    for data in (*scan.files, *views.files):
        orthanc.store(data)
    with pytest.raises(PacsError, match="only 3 x CT Image"):
        pull_study(scan.uid, checkpoint)
    set_up(max_worklist_files=2)
    with pytest.raises(PacsError, match="3 radiographs; at most 2"):
        pull_study(views.uid, checkpoint)
    home = set_up(max_worklist_files=9, max_file_bytes=10_000).state_dir / "worklists"
    with pytest.raises(PacsError, match="larger than is taken"):
        pull_study(views.uid, checkpoint)
    assert not list(home.glob("*"))
