"""The API over HTTP: readings, models, and whether the server is well; see docs/api.md."""
