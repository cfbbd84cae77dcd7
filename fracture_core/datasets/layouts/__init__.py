"""The layouts of data sets on disk, each read into the same items."""
