"""The sentences and facts of a report, in plain text; the PDF and the DICOM objects take them from here."""

from fracture_core import __version__
from fracture_core.doors.report.build import Report
from fracture_core.evaluation import OUT_OF_SCOPE
from fracture_core.networks import Manifest
from fracture_core.store import Call

TITLE = "Fracture support: reading of one radiograph"
SUPPORTS = "Supports, and does not replace, a qualified reader. Research software, no certified medical device."
CALL_WORDS: dict[Call, str] = {
    "positive": "Fracture suspected",
    "uncertain": "Uncertain: look closely",
    "negative": "No fracture suspected",
}
HEATMAP = (
    "The heatmap shows what raised the probability. It may lie beside a fracture, or on something else. Its scale is "
    "the model's, the same for every radiograph: from no colour (nothing) to pale yellow (full)."
)
_EMPTY_HEATMAP = "Here it is empty: nothing rose above the model's floor."
_FAINT = 0.2  # of full scale
_SHOWN_DETAILS = {
    "modality": "Modality",
    "view": "View",
    "laterality": "Laterality",
    "manufacturer_model": "Device",
    "transfer_syntax": "Transfer syntax",
    "burned_in_annotation": "Text burned in",
}

Facts = list[tuple[str, str]]


def list_source_facts(report: Report) -> Facts:
    """Return what was read; nothing of a patient."""
    radiograph = report.radiograph
    facts = [("File", report.file_name)] if report.file_name else []
    facts += [
        ("Hash of the file", f"{radiograph.sha256[:16]} (first 16 of SHA-256)"),
        (
            "Source",
            f"{radiograph.source_type}, {radiograph.width_px} x {radiograph.height_px} px, {radiograph.bit_depth} bit",
        ),
    ]
    if radiograph.frame_count > 1:
        facts.append(("Frame", word_frame(report)))
    facts.append(("Body part", word_body_part(report)))
    facts += [(title, radiograph.details[key]) for key, title in _SHOWN_DETAILS.items() if key in radiograph.details]
    if radiograph.pixel_spacing_mm:
        facts.append(("Pixel spacing", " x ".join(f"{spacing:g}" for spacing in radiograph.pixel_spacing_mm) + " mm"))
    return facts


def list_model_facts(report: Report) -> Facts:
    """Return which model said it, and how it comes from a picture to a call."""
    manifest, reading = report.manifest, report.reading
    return [
        ("Model", f"{reading.model}, {manifest.network.architecture}, made {manifest.created_at}"),
        ("Hash of the weights", reading.model_sha256),
        ("Learned from", ", ".join(record.name for record in manifest.data) or "not recorded"),
        ("Calibration", word_calibration(manifest)),
        *((name, text) for name, text in word_points(manifest)),
        ("Software", f"fracture_core {__version__}"),
        ("Report made", report.at.isoformat(timespec="seconds")),
    ]


def word_call(report: Report) -> str:
    return CALL_WORDS[report.reading.call]


def word_probability(report: Report) -> str:
    return f"Calibrated probability of a fracture: {report.reading.p_fracture:.2f}"


def word_body_part(report: Report) -> str:
    if not report.meaning.body_part:
        return "not known"
    return f"{report.meaning.body_part}, by {report.body_part_from}"


def word_frame(report: Report) -> str:
    return f"Frame {report.radiograph.frame_index + 1} of {report.radiograph.frame_count}; the others were not read"


def word_heatmap(report: Report) -> str:
    """Return what the heatmap is, and how much of its scale this one uses."""
    strongest = float(report.reading.heatmap.max())
    if strongest <= 0.0:
        return f"{HEATMAP} {_EMPTY_HEATMAP}"
    faint = " It is too faint to be seen well." if strongest < _FAINT else ""
    return f"{HEATMAP} Here its strongest place reaches {strongest:.0%} of full.{faint}"


def word_calibration(manifest: Manifest) -> str:
    """Return how a network's margin becomes a probability (Platt scaling, fitted on validation)."""
    calibration = manifest.calibration
    return f"p = sigmoid({calibration.scale:.4f} x margin {calibration.offset:+.4f}), fitted on validation"


def word_points(manifest: Manifest) -> Facts:
    """Return the two operating points, each with the rule that chose it."""
    points = manifest.call_points
    return [
        ("Negative below", f"p = {points.high_sensitivity.threshold:.4f} ({points.high_sensitivity.rule})"),
        ("Positive from", f"p = {points.high_specificity.threshold:.4f} ({points.high_specificity.rule})"),
    ]


def list_notices(report: Report) -> tuple[str, ...]:
    """Return what a reader should know of the picture and of how it was read."""
    return (*report.radiograph.warnings, *report.reading.notices)


def list_limits(report: Report) -> tuple[str, ...]:
    """Return what was measured for this body part, then what the model was not made for."""
    return (*report.meaning.limits, "Not made for: " + " ".join(OUT_OF_SCOPE))
