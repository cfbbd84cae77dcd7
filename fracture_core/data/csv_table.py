"""Tables that come with a data set."""

import csv
from collections.abc import Sequence
from pathlib import Path

from fracture_core.data.items import quote_first
from fracture_core.errors import DatasetError


def read_csv_table(path: Path, required: Sequence[str], remedy: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name, cells stripped, absent cells empty.

    Args:
        path: the file, UTF-8 with or without a byte order mark.
        required: columns that must be there.
        remedy: what to do where they are not.

    Raises:
        DatasetError: columns are missing, or the file is not CSV in UTF-8.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = [column for column in reader.fieldnames or () if column]
            rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path.name} cannot be read ({error}).", "Save it as CSV in UTF-8.") from error
    missing = [column for column in required if column not in columns]
    if missing:
        raise DatasetError(f"{path.name} lacks {len(missing)} columns: {quote_first(missing)}.", remedy)
    return rows
