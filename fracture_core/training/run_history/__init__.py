"""Earlier runs: what they were trained with, how quick they were, and their figures for other programs."""
