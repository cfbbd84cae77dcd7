"""Values of a DICOM header that anyone may have written: what is unusable is left out or refused."""

from fracture_core.base.errors import (
    LimitExceededError,
)
from tests.sample_files import (
    build_dataset,
    draw_bone,
    write_dicom,
)
from tests.unit.radiographs.intake.refusals import refuse

BONE = draw_bone()


def test_a_table_sequence_of_a_hundred_thousand_items_is_refused_before_it_is_unfolded() -> None:
    item = b"\xfe\xff\x00\xe0\x00\x00\x00\x00"
    dataset = build_dataset(BONE)
    data = write_dicom(dataset)
    at = data.index(b"\xe0\x7f\x10\x00OW")
    bomb = item * 100_000
    element = b"\x28\x00\x00\x30SQ\x00\x00" + len(bomb).to_bytes(4, "little") + bomb
    assert "ModalityLUTSequence" in refuse(data[:at] + element + data[at:], LimitExceededError).problem
