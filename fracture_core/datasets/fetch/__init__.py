"""Public data sets, fetched from where they are published."""
