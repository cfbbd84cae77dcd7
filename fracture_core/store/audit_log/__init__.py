"""What was done and by whom, each entry chained to the one before by its hash, so that a change shows."""
