"""A training run: its rows and files, its turn, its signs of life, and the wish to stop it."""
