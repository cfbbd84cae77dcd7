"""Worklists: many radiographs read one after the other, kept as rows, so that nothing that was read is lost."""
