"""split.json: what is no record of sides is damaged, not a record of nothing."""

from pathlib import Path

import pytest

from fracture_core.base.errors import CheckpointDamagedError
from fracture_core.datasets.splits.split_file import read_split


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"datasets": {"drawn": {"train": "a.png"}}}', '{"datasets": {}, "more": 1}']
)
def test_what_is_no_record_of_sides_is_damaged(text: str, tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    assert read_split(path) == {}, "there is none"
    path.write_text(text)
    with pytest.raises(CheckpointDamagedError, match=r"'split.json' of .* is damaged"):
        read_split(path)
