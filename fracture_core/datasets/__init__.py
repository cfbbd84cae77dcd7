"""Data sets: listed, checked for copies, split and made ready for training."""
