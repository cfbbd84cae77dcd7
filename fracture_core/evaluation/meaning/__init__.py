"""What a call means and where it was measured, in sentences made from a checkpoint's own test predictions."""
