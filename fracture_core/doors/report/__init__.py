"""A report about one reading: what the model said, what the person said, and nothing else."""

from fracture_core.doors.report.build import Report, build_report
from fracture_core.doors.report.pdf import render_pdf
from fracture_core.doors.report.statement import Statement

__all__ = ["Report", "Statement", "build_report", "render_pdf"]
