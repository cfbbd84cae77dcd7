"""One reading makes one pair of objects, whenever it is made."""

from io import BytesIO

from pydicom import dcmread

from fracture_core.doors.pacs.results import make_results
from fracture_core.networks.checkpoints import Checkpoint
from tests.report_world import make_report
from tests.unit.doors.pacs.conftest import draw_study


def test_one_reading_makes_one_pair_of_uids_whenever_it_is_made(checkpoint: Checkpoint) -> None:
    data = draw_study().files[0]
    first, again = (make_results(make_report(checkpoint, data), data) for _ in range(2))
    other = make_results(make_report(checkpoint, data, 0.1), data)
    uids = [[dcmread(BytesIO(each)).SOPInstanceUID for each in made] for made in (first, again, other)]
    assert uids[0] == uids[1] and not set(uids[0]) & set(uids[2]) and len(set(uids[0])) == 2
