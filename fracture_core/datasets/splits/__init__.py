"""Which side of a split a radiograph is on, drawn so that no copy of it is on another."""
