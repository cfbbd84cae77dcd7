"""Studies found, fetched and answered, with a real archive; and what is said where the archive misbehaves."""

STUDY = "1.2.3.4"
