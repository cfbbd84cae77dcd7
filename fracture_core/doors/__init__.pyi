"""Ways in and out: command line, API, PACS, reports, DICOM objects, documents."""

from .api.beside import Beside as Beside
from .cli import main as main
from .dicom_out.capture import build_capture as build_capture
from .dicom_out.source import read_source as read_source
from .dicom_out.structured_report import build_structured_report as build_structured_report
from .pacs.find import MOST_STUDIES as MOST_STUDIES
from .pacs.find import StudyFilters as StudyFilters
from .pacs.find import find_studies as find_studies
from .pacs.pull import pull_study as pull_study
from .pacs.push import push_objects as push_objects
from .pacs.push import tell_push as tell_push
from .pacs.results import make_results as make_results
from .report.build import Report as Report
from .report.build import build_report as build_report
from .report.pdf import render_pdf as render_pdf
from .report.statement import Statement as Statement
