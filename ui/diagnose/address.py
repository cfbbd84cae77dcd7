"""Which worklist, and which of its files, the address names."""

from ui.shared.address import get, go

WORKLIST, ITEM = "worklist", "item"
FILTERS = ("call", "region", "search")  # of the worklist's rows
_LONGEST = 500


def find_worklist_id() -> str:
    """Return the worklist that the address names, or an empty text."""
    return get(WORKLIST)


def find_item_number() -> int | None:
    """Return the number of the file that the address names; None where it names none."""
    text = get(ITEM)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def read_filter(name: str) -> str:
    """Return one of ``FILTERS`` as the address has it, or an empty text."""
    return get(name)[:_LONGEST].replace("\0", "")


def open_worklist(worklist_id: str) -> None:
    """Put a worklist into the address."""
    go(**{WORKLIST: worklist_id, ITEM: None, "example": None, **dict.fromkeys(FILTERS)})


def open_item(number: int) -> None:
    """Put a file of the worklist into the address."""
    go(**{ITEM: str(number)})


def leave_item() -> None:
    """Go back to the worklist."""
    go(**{ITEM: None})


def leave_worklist() -> None:
    """Go back to where files are handed in."""
    go(**{WORKLIST: None, ITEM: None, **dict.fromkeys(FILTERS)})
