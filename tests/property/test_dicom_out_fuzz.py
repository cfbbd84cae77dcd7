"""Whatever stands in a DICOM header: an object, a stripped file, or an error of our own; never anything else."""

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fracture_core.base.errors import FractureError
from fracture_core.doors.dicom_out.capture import build_capture
from fracture_core.doors.dicom_out.source import read_source
from fracture_core.doors.dicom_out.structured_report import build_structured_report
from fracture_core.doors.report.pdf import render_pdf
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.radiographs.deidentification.files import deidentify_file
from fracture_core.radiographs.intake.read import read_radiograph
from tests.report_world import make_measured_checkpoint, make_report
from tests.sample_files import build_dicom, draw_bone

pytestmark = pytest.mark.filterwarnings("ignore")
DATA = build_dicom(
    draw_bone(16, 16, 16),
    StudyInstanceUID="1.2.3",
    SeriesInstanceUID="1.2.3.4",
    PatientOrientation=["L", "F"],
    TimezoneOffsetFromUTC="+0100",
    StudyTime="101112",
    PatientSex="F",
    SpecificCharacterSet="ISO_IR 100",
)
HEADER_END = len(DATA) - 16 * 16 * 2
changes = st.lists(st.tuples(st.integers(132, HEADER_END - 1), st.integers(0, 255)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return make_measured_checkpoint(tmp_path_factory.mktemp("fuzz") / "drawn")


@pytest.mark.slow
@given(changes)
@settings(derandomize=True, database=None, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_changed_header(checkpoint: Checkpoint, changed: list[tuple[int, int]]) -> None:
    data = bytearray(DATA)
    for place, value in changed:
        data[place] = value
    try:
        read_radiograph(bytes(data))
    except FractureError:
        return
    for step in (deidentify_file, partial(make_objects, checkpoint)):
        try:
            step(bytes(data))
        except FractureError as error:
            assert error.remedy


def make_objects(checkpoint: Checkpoint, data: bytes) -> None:
    report = make_report(checkpoint, data)
    assert render_pdf(report).startswith(b"%PDF")
    source = read_source(data)
    for made in (build_capture(report, source), build_structured_report(report, source)):
        assert made[128:132] == b"DICM"
