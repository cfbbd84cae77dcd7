"""Every reading as a row: written once, found again by its id."""
