"""Text as every database keeps it."""


def make_keepable(text: str) -> str:
    """Return the text without what PostgreSQL refuses: nulls, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
