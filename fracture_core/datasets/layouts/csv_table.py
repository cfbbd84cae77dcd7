"""Tables that come with a data set."""

import csv
from collections.abc import Sequence
from pathlib import Path

from fracture_core.base import DatasetError, quote_first


def read_csv_table(path: Path, required: Sequence[str], remedy: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column name in lower case.

    Cells are stripped, absent ones empty; blank rows are left out.

    Args:
        path: the file, UTF-8 with or without a byte order mark; commas, or semicolons as
            spreadsheets write them where the comma is the decimal sign.
        required: columns that must be there.
        remedy: what to do where they are not.

    Raises:
        DatasetError: columns are missing, or the file is not CSV in UTF-8.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if ";" in first and "," not in first else ",")
            reader.fieldnames = [column.strip().lower() for column in reader.fieldnames or ()]
            columns = [column for column in reader.fieldnames if column]
            rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path.name} cannot be read ({error}).", "Save it as CSV in UTF-8.") from error
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    if repeated:
        raise DatasetError(f"{path.name} has {len(repeated)} columns twice: {quote_first(repeated)}.", remedy)
    missing = [column for column in required if column not in columns]
    if missing:
        raise DatasetError(f"{path.name} lacks {len(missing)} columns: {quote_first(missing)}.", remedy)
    return [row for row in rows if any(row.values())]
