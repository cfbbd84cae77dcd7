"""Studies are found by their numbers, and odd answers are told."""

import json
import logging
from datetime import date

import pytest

from fracture_core.base.errors import PacsError
from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from fracture_core.doors.pacs.fetch import fetch_study
from fracture_core.doors.pacs.find import StudyFilters, find_studies
from tests.orthanc import Orthanc
from tests.unit.doors.pacs.conftest import SetUp, draw_study
from tests.unit.doors.pacs.fake_server import run_fake


def test_a_study_is_found_by_each_of_its_numbers(orthanc: Orthanc) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    for filters in (
        StudyFilters(study_uid=f" {study.uid} "),
        StudyFilters(accession_number=study.accession_number, modality="cr"),
        StudyFilters(patient_id=f"P{study.accession_number}", date_from=date(1970, 1, 1), date_to=date(1970, 2, 1)),
    ):
        (found,) = find_studies(filters)
        assert (found.uid, found.accession_number, found.on) == (study.uid, study.accession_number, date(1970, 1, 31))
        assert (found.modalities, found.objects, found.description) == (("CR",), 2, "Forearm")
        assert found.patient_name == "DOE JANE"
    assert find_studies(StudyFilters(study_uid=study.uid, modality="DX")) == []
    assert find_studies(StudyFilters(study_uid=study.uid, date_from=date(1970, 2, 1))) == []


@pytest.mark.parametrize(
    "filters",
    [
        StudyFilters(),
        StudyFilters(modality="CR"),
        StudyFilters(patient_id="*"),
        StudyFilters(accession_number="A?"),
        StudyFilters(patient_id="x" * 65),
        StudyFilters(study_uid="1.2/../../studies"),
        StudyFilters(date_from=date(2026, 2, 1), date_to=date(2026, 1, 1)),
    ],
)
def test_a_search_for_everything_or_nothing_is_refused(set_up: SetUp, filters: StudyFilters) -> None:
    set_up(pacs_url="http://127.0.0.1:1")  # nobody is asked
    with pytest.raises(PacsError, match=r"searched|whole|UID|first day"):
        find_studies(filters)


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (200, "text/html", b"<html>Please log in</html>", "not DICOMweb"),
        (200, "application/dicom+json", b'[{"0020000D": {"vr": "UI"', "not DICOMweb"),
        (200, "application/dicom+json", b'["DOE^JANE"]', "not DICOMweb"),
        (403, "text/plain", b"no", "HTTP 403"),
        (500, "text/plain", b"DOE^JANE", "fault of its own"),
        (503, "text/plain", b"later", "busy"),
        (400, "text/plain", b"no", "refuses what was asked"),
    ],
)
def test_odd_answers_are_told_without_what_they_quote(
    set_up: SetUp, status: int, kind: str, body: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with run_fake(lambda _: (status, kind, body)) as url:
        set_up(pacs_url=url)
        with pytest.raises(PacsError, match=words) as caught:
            find_studies(StudyFilters(patient_id="PID-4711"))
    said = f"{caught.value} {caught.value.__cause__} {caplog.text}"
    assert "PID-4711" not in said and "DOE" not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_study_with_an_odd_uid_hides_no_other(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    answer = [{"0020000D": {"vr": "UI", "Value": [each]}} for each in ("1.2.03", "x\x1b[2J/../y", "1.2.3")] + [{}]
    with run_fake(lambda _: (200, "application/dicom+json", json.dumps(answer).encode())) as url:
        set_up(pacs_url=url)
        found = find_studies(StudyFilters(patient_id="P1"))
        assert main(["pacs", "find", "--patient", "P1"]) == 0
        assert [each.uid for each in found] == ["1.2.03", "x\x1b[2J/../y", "1.2.3", ""]
        for odd in (found[0], found[1], found[3]):
            with pytest.raises(PacsError, match="no Study Instance UID"):
                fetch_study(odd.uid, get_settings().state_dir)
    assert "1.2.3 " in (printed := capsys.readouterr().out) and "\x1b" not in printed
