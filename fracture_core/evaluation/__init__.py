"""Evaluation: metrics with intervals, and what a checkpoint gets right and wrong."""
