"""Zips and the disk: unpacked once, whole or not at all, and refused where they could do harm."""
