"""The PDF says what the model and the person said, and nothing else."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pypdf import PdfReader

from fracture_core.base.errors import ReportError
from fracture_core.doors.report.pdf import render_pdf
from fracture_core.doors.report.statement import Statement
from fracture_core.doors.report.texts import SUPPORTS
from fracture_core.networks.checkpoints import Checkpoint
from tests.report_world import AT, make_measured_checkpoint, make_reading, make_report
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone, encode_gray

GOLDEN = Path(__file__).parents[3] / "golden" / "report_text.json"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return make_measured_checkpoint(tmp_path_factory.mktemp("report") / "drawn")


def read_text(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def test_the_text_is_as_it_was(checkpoint: Checkpoint, refresh_golden: bool) -> None:
    report = make_report(checkpoint, build_dicom(draw_bone(), WindowCenter=2048, WindowWidth=4096))
    # The hash differs where another release of torch draws other random weights, and so does the time it was made.
    text = read_text(render_pdf(report)).replace(checkpoint.manifest.weights_sha256, "HASH")
    text = text.replace(checkpoint.manifest.created_at, "TIME")
    if refresh_golden:
        GOLDEN.write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert text == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_same_report_is_the_same_file(checkpoint: Checkpoint) -> None:
    report = make_report(checkpoint, encode_gray(8, "PNG"))
    assert render_pdf(report) == render_pdf(report)


@pytest.mark.parametrize(
    ("p", "words"), [(0.9, "Fracture suspected"), (0.5, "Uncertain: look closely"), (0.1, "No fracture suspected")]
)
def test_the_call_and_its_meaning(checkpoint: Checkpoint, p: float, words: str) -> None:
    report = make_report(checkpoint, encode_gray(8, "PNG"), p, body_part="knee")
    text = read_text(render_pdf(report))
    assert words in text and f"Calibrated probability of a fracture: {p:.2f}" in text
    assert report.meaning.sentences[0] in text and report.meaning.limits[0] in text
    assert "uncertain from 0.20 to 0.80" in text and SUPPORTS in text
    assert checkpoint.manifest.weights_sha256 in text and "knee, by the person who asked" in text


def test_nothing_of_the_patient_is_in_it(checkpoint: Checkpoint) -> None:
    pdf = render_pdf(make_report(checkpoint, build_dicom(draw_bone(), StudyDescription="DOE fell")))
    text = read_text(pdf)
    assert not [secret for secret in (*PATIENT_SECRETS, "DOE", "fell") if secret in text]
    assert "ankle, by the file's header" in text


def test_a_person_is_named_only_where_one_spoke(checkpoint: Checkpoint) -> None:
    data = encode_gray(8, "PNG")
    assert " says " not in read_text(render_pdf(make_report(checkpoint, data)))
    said = Statement("Ζωή Παπαδοπούλου, Жанна Łukasz", "disagree", "No fracture.\nOld scar.")
    text = read_text(render_pdf(make_report(checkpoint, data, statement=said)))
    assert "What Ζωή Παπαδοπούλου, Жанна Łukasz says Does not agree with the call. No fracture. Old scar." in text


def test_the_file_is_named_only_if_wanted(checkpoint: Checkpoint) -> None:
    data = encode_gray(8, "PNG")
    assert "File " not in read_text(render_pdf(make_report(checkpoint, data))).replace("Hash of the file", "")
    assert "jane 片.png".replace("片", "?") in read_text(
        render_pdf(make_report(checkpoint, data, file_name="jane 片.png"))
    )


def test_warnings_of_the_picture_are_in_it(checkpoint: Checkpoint) -> None:
    report = make_report(checkpoint, build_dicom(draw_bone(), BurnedInAnnotation="YES", Modality="OT"))
    text = read_text(render_pdf(report))
    assert "text is burned into the picture" in text and "not projection radiography" in text


def test_an_empty_heatmap_says_so(checkpoint: Checkpoint) -> None:
    data = encode_gray(8, "PNG")
    assert "Here it is empty" in read_text(render_pdf(make_report(checkpoint, data, is_hot=False)))
    text = read_text(render_pdf(make_report(checkpoint, data)))
    assert "Here it is empty" not in text and "strongest place reaches 100% of full." in text


def test_a_faint_heatmap_says_so(checkpoint: Checkpoint) -> None:
    report = make_report(checkpoint, encode_gray(8, "PNG"))
    faint = replace(report, reading=replace(report.reading, heatmap=report.reading.heatmap * np.float32(0.06)))
    assert "reaches 6% of full. It is too faint to be seen well." in read_text(render_pdf(faint))


@pytest.mark.parametrize("shape", [(40, 400), (400, 40), (64, 64)])
def test_any_shape_fits_and_shows_the_heat(checkpoint: Checkpoint, shape: tuple[int, int]) -> None:
    data = build_dicom(draw_bone(12, *shape))
    report = make_report(checkpoint, data, statement=Statement("R", "agree", "word " * 700))
    document = pypdfium2.PdfDocument(render_pdf(report))
    try:
        page = np.asarray(document[0].render(scale=1).to_pil()).astype(int)
    finally:
        document.close()
    right = page[:, page.shape[1] // 2 :]
    amber = (right[..., 0] > 180) & (right[..., 0] - right[..., 2] > 60)
    assert amber[120:].any(), "no heat on the right-hand picture"


def test_document_properties(checkpoint: Checkpoint) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(make_report(checkpoint, encode_gray(8, "PNG")))))
    assert reader.metadata is not None and reader.metadata.title == "Fracture support: reading of one radiograph"
    assert reader.metadata.creation_date == AT
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert len(reader.pages) <= 2


def test_letters_that_the_font_lacks_are_refused_without_quoting_them(checkpoint: Checkpoint) -> None:
    report = make_report(checkpoint, encode_gray(8, "PNG"), statement=Statement("山田太郎", "agree"))
    with pytest.raises(ReportError) as caught:
        render_pdf(report)
    assert "山" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"reader": " ", "note": "x"},
        {"reader": "A"},
        {"reader": "A^B", "note": "x"},
        {"reader": "A" * 65, "note": "x"},
        {"reader": "A", "note": "x" * 4001},
        {"reader": "A", "note": "x\x00"},
        {"reader": "A\x07", "note": "x"},
        {"reader": "A", "agreement": "perhaps"},
    ],
)
def test_statements_that_cannot_be_written_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ReportError):
        Statement(**fields)  # type: ignore[arg-type]


def test_a_reading_of_another_model_is_refused(checkpoint: Checkpoint) -> None:
    from fracture_core.doors.report.build import build_report
    from fracture_core.radiographs.intake.read import read_radiograph

    radiograph = read_radiograph(encode_gray(8, "PNG"))
    other = replace(make_reading(checkpoint), model_sha256="0" * 64)
    with pytest.raises(ReportError, match="another model"):
        build_report(radiograph, other, checkpoint, at=AT)
    with pytest.raises(ReportError, match="time zone"):
        build_report(radiograph, make_reading(checkpoint), checkpoint, at=AT.replace(tzinfo=None))
