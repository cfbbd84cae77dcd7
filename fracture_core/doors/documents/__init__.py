"""Documents written from files: results and model cards, no figure typed by hand."""
