"""Radiographs: read from untrusted bytes, drawn small or under heat, stripped of patient data."""

from .body_parts import BodyPart as BodyPart
from .body_parts import find_body_part as find_body_part
from .body_parts import list_known_body_parts as list_known_body_parts
from .body_parts import word_covered_parts as word_covered_parts
from .deidentification.files import deidentify_file as deidentify_file
from .intake.dicom_anatomy import Anatomy as Anatomy
from .intake.dicom_anatomy import read_anatomy as read_anatomy
from .intake.dicom_header import quiet_pydicom as quiet_pydicom
from .intake.dicom_values import read_dicom_code as read_dicom_code
from .intake.dicom_values import read_dicom_value as read_dicom_value
from .intake.full_depth import get_full_depth as get_full_depth
from .intake.limits import check_file_size as check_file_size
from .intake.read import read_file_bytes as read_file_bytes
from .intake.read import read_radiograph as read_radiograph
from .intake.read import read_radiograph_file as read_radiograph_file
from .intake.sniff import detect_file_type as detect_file_type
from .pictures.overlay import blend_heatmap as blend_heatmap
from .pictures.overlay import colour_heat as colour_heat
from .pictures.overlay import shrink_gray as shrink_gray
from .pictures.thumbnails import find_thumbnail as find_thumbnail
from .pictures.thumbnails import load_thumbnail as load_thumbnail
from .radiograph import FullDepth as FullDepth
from .radiograph import Radiograph as Radiograph
