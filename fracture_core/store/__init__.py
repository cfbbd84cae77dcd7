"""What the project remembers, in a database: runs and their metrics, and which model is served."""
