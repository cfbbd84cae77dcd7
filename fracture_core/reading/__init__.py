"""Reading radiographs with a checkpoint."""
