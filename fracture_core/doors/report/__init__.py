"""A report about one reading: what the model said, what the person said, and nothing else."""
