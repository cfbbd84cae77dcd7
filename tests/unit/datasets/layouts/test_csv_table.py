"""Tables of any spreadsheet are read alike; what they lack is told by column."""

from pathlib import Path

import pytest

from fracture_core.base.errors import DatasetError
from fracture_core.datasets.layouts.csv_table import read_csv_table


def read(tmp_path: Path, content: str | bytes) -> list[dict[str, str]]:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv_table(path, ("path", "label"), "Name path and label.")


@pytest.mark.parametrize(
    "content",
    [
        "path,label,view\na.png,1,\nb.png,0,frontal\n",
        "\ufeffPath;LABEL ;View\r\na.png;1\r\n\r\nb.png; 0 ;frontal\r\n",
        'path,label,view\n"a.png",1,\n,,\nb.png,0,frontal',
    ],
    ids=["plain", "semicolons of a spreadsheet", "quotes and a blank row"],
)
def test_rows_by_column_in_lower_case(content: str, tmp_path: Path) -> None:
    assert read(tmp_path, content) == [
        {"path": "a.png", "label": "1", "view": ""},
        {"path": "b.png", "label": "0", "view": "frontal"},
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "lacks 2 columns: path, label"),
        ("path\na.png\n", "lacks 1 columns: label"),
        ("path,label,Label\na.png,1,0\n", "has 1 columns twice: label"),
        (b"path,label\n\xff.png,1\n", r"table\.csv cannot be read"),
    ],
)
def test_what_a_table_lacks_is_told(content: str | bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=told):
        read(tmp_path, content)
