"""Drawn phantoms: for examples, tests and machines without a data set. Of no clinical value."""
