"""A Comprehensive SR by TID 1500: what the model measured, and what a person said to it."""

from highdicom import sr as hd
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from fracture_core.base import get_settings
from fracture_core.doors.dicom_out.codes import (
    ANSWER,
    ANSWERS,
    CALIBRATION_OFFSET,
    CALIBRATION_SCALE,
    CALL,
    CALLS,
    LIMITS,
    MEANING,
    NEGATIVE_BELOW,
    NOTICE,
    P_FRACTURE,
    POSITIVE_FROM,
    identify_scheme,
)
from fracture_core.doors.dicom_out.common import (
    PRODUCT,
    check_match,
    describe_maker,
    encode,
    find_frame_number,
    make_uid,
)
from fracture_core.doors.dicom_out.source import DicomSource
from fracture_core.doors.report.build import Report
from fracture_core.doors.report.statement import AGREEMENT_WORDS, Statement
from fracture_core.doors.report.texts import (
    SUPPORTS,
    list_limits,
    list_notices,
    word_calibration,
    word_frame,
    word_points,
)

_SERIES_NUMBER = 9002


def build_structured_report(report: Report, source: DicomSource, *, identity: str = "") -> bytes:
    """Return the file of a Comprehensive SR in the source's study, in a series of its own.

    It is complete, preliminary and not verified: a model's report is not the last word. The device is its observer; a
    person is one for what they said, where something was said.

    Args:
        report, source: of one file.
        identity: tells the reading from all others; made again from it, the object has the same UIDs.

    Raises:
        ReportError: the header is another file's, or cannot be used.
    """
    check_match(report, source)
    return encode(lambda: _build(report, source, identity), report, source)


def _build(report: Report, source: DicomSource, identity: str) -> hd.ComprehensiveSR:
    groups = [_build_model_group(report, source, identity)]
    if report.statement:
        groups.append(_build_person_group(report.statement, identity))
    content = hd.MeasurementReport(
        observation_context=hd.ObservationContext(observer_device_context=_describe_device(report)),
        procedure_reported=codes.cid100.XRUnspecifiedBodyRegion,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=hd.LanguageOfContentItemAndDescendants(
            hd.CodedConcept("en", "RFC5646", "English")
        ),
    )
    return hd.ComprehensiveSR(
        evidence=[source.dataset],
        content=content[0],
        series_instance_uid=make_uid(identity, "SR series"),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=make_uid(identity, "SR"),
        instance_number=1,
        is_complete=True,
        series_description="Report of a fracture model",
        coding_schemes=[identify_scheme()],
        **describe_maker(report, source),
    )


def _describe_device(report: Report) -> hd.ObserverContext:
    # The same weights are the same device, whoever runs them.
    uid = f"2.25.{int(report.reading.model_sha256[:32], 16)}"
    return hd.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=hd.DeviceObserverIdentifyingAttributes(
            uid=uid, name=report.reading.model, manufacturer_name=get_settings().dicom_manufacturer, model_name=PRODUCT
        ),
    )


def _build_model_group(report: Report, source: DicomSource, identity: str) -> hd.MeasurementsAndQualitativeEvaluations:
    reading, calibration = report.reading, report.manifest.calibration
    number = find_frame_number(report, source)
    group = hd.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.TrackingIdentifier(uid=make_uid(identity, "model"), identifier="Reading by the model"),
        algorithm_id=_identify_algorithm(report),
        measurements=[
            _measure(P_FRACTURE, reading.p_fracture),
            _measure(NEGATIVE_BELOW, reading.points.high_sensitivity.threshold),
            _measure(POSITIVE_FROM, reading.points.high_specificity.threshold),
            _measure(CALIBRATION_SCALE, calibration.scale),
            _measure(CALIBRATION_OFFSET, calibration.offset),
        ],
        qualitative_evaluations=[hd.QualitativeEvaluation(CALL, CALLS[reading.call])],
        source_images=[
            hd.SourceImageForMeasurementGroup(
                source.dataset.SOPClassUID, source.dataset.SOPInstanceUID, [number] if number else None
            )
        ],
    )
    texts = [(MEANING, text) for text in report.meaning.sentences]
    texts += [(LIMITS, text) for text in (*list_limits(report), SUPPORTS)]
    texts += [(NOTICE, text) for text in list_notices(report)]
    if report.radiograph.frame_count > 1:
        texts.append((NOTICE, word_frame(report)))
    group[0].ContentSequence.extend(_write(name, text) for name, text in texts)
    return group


def _identify_algorithm(report: Report) -> hd.AlgorithmIdentification:
    """Return TID 4019: the model, its hash as the version, and how its probability becomes a call."""
    points = [f"{name} {text}" for name, text in word_points(report.manifest)]
    return hd.AlgorithmIdentification(
        name=report.reading.model,
        version=f"sha256:{report.reading.model_sha256}",
        parameters=[word_calibration(report.manifest), *points, f"Made {report.manifest.created_at}"],
        family=codes.cid7162.ArtificialIntelligence,
        manufacturer=get_settings().dicom_manufacturer,
    )


def _build_person_group(statement: Statement, identity: str) -> hd.MeasurementsAndQualitativeEvaluations:
    """Return the person's statement in a group of its own, of which the person is the observer."""
    observer = hd.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=hd.PersonObserverIdentifyingAttributes(name=f"{statement.reader}^"),
    )
    answer = [hd.QualitativeEvaluation(ANSWER, ANSWERS[statement.agreement])] if statement.agreement else []
    group = hd.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.TrackingIdentifier(uid=make_uid(identity, "reader"), identifier="What a reader says"),
        qualitative_evaluations=answer,
    )
    items = hd.ContentSequence([*observer, *group[0].ContentSequence])
    items.append(_write(codes.DCM.Comment, statement.note or AGREEMENT_WORDS[statement.agreement]))
    group[0].ContentSequence = items
    return group


def _measure(name: Code, value: float) -> hd.Measurement:
    return hd.Measurement(name=name, value=round(value, 6), unit=codes.UCUM.NoUnits)


def _write(name: Code, text: str) -> hd.TextContentItem:
    return hd.TextContentItem(name=name, value=text, relationship_type=hd.RelationshipTypeValues.CONTAINS)
