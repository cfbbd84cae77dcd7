"""The data audit: what is wrong with a data set, found before a network learns from it."""
