"""``report`` and ``deidentify``: what they write, what they refuse, and that no patient gets into the log."""

import json
import logging
import warnings
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread

from fracture_core.base.incidents import LOGGER_NAME
from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from tests.report_world import make_measured_checkpoint
from tests.sample_files import PATIENT_SECRETS, build_dicom, draw_bone
from tests.tiny_world import encode_phantom
from tests.unit.doors.cli.conftest import NAME, UIDS


@pytest.fixture
def served(own_settings: Settings) -> Settings:
    make_measured_checkpoint(own_settings.checkpoints_dir / "default")
    return own_settings


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "in.png"
    path.write_bytes(encode_phantom())
    return path


def test_all_three_are_written(
    served: Settings, dicom: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf, sc, sr = (tmp_path / "out" / name for name in ("o.pdf", "sc.dcm", "sr.dcm"))
    said = ["--reader", "Jane Roe", "--answer", "agree", "--statement", "Seen."]
    assert main(["report", str(dicom), "--pdf", str(pdf), "--sc", str(sc), "--sr", str(sr), "--json", *said]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["written"] == [str(pdf), str(sc), str(sr)] and found["body_part"] == "ankle"
    assert found["call"] in found["meaning"][0] and any("leg" in limit for limit in found["limits"])
    assert pdf.read_bytes().startswith(b"%PDF")
    assert dcmread(sc).Modality == "OT" and dcmread(sr).Modality == "SR"
    assert {str(dcmread(path).PatientName) for path in (sc, sr)} == {NAME}
    assert sorted(path.name for path in pdf.parent.iterdir()) == ["o.pdf", "sc.dcm", "sr.dcm"]


def test_without_outputs_it_reads_in_words(served: Settings, picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(picture), "--region", "skull"]) == 0
    out = capsys.readouterr().out
    assert "p = 0." in out and "no radiograph known to be of the skull" in out
    assert "does not replace, a qualified reader" in out


def test_dicom_objects_of_a_picture_are_refused_and_nothing_is_written(
    served: Settings, picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--sc", "--sr"):
        assert main(["report", str(picture), option, str(tmp_path / "o.dcm"), "--pdf", str(tmp_path / "o.pdf")]) == 1
        assert "error: Only a DICOM file" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("o.*")) == []


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--reader", "Jane"], "says nothing"),
        (["--statement", "Seen."], "no name"),
        (["--reader", "山田", "--statement", "x", "--pdf", "OUT/o.pdf"], "font lacks"),
        (["--model", "none"], "no checkpoint called"),
        (["--frame", "3"], "frame"),
        (["--pdf", "OUT"], "folder"),
        (["--pdf", "OUT/in.dcm"], "one and the same"),
        (["--sc", "OUT/o.dcm", "--sr", "OUT/o.dcm"], "one and the same"),
        (["--pdf", "OUT/in.dcm/o.pdf"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told(
    served: Settings, dicom: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str], words: str
) -> None:
    before = dicom.read_bytes()
    assert main(["report", str(dicom), *(part.replace("OUT", str(tmp_path)) for part in extra)]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ") and words in captured.err and "unexpected" not in captured.err
    assert dicom.read_bytes() == before and not list(tmp_path.glob("o.*"))


def _damage(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Make a function fail as a library does that quotes the header."""

    def fail(*_: object, **__: object) -> None:
        from pydicom.valuerep import DA

        DA(NAME)

    monkeypatch.setattr(target, fail)


# Where a header's value may be quoted: in the file itself, or by whatever handles it.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of values that are unusable on purpose
    FILES = {
        "sound": build_dicom(draw_bone(), PatientName=NAME, **UIDS),
        "cut short": build_dicom(draw_bone(), PatientName=NAME, **UIDS)[:900],
        "no study": build_dicom(draw_bone(), PatientName=NAME, StudyInstanceUID=NAME),
        "no pixels": build_dicom(PatientName=NAME, **UIDS),
        "text for numbers": build_dicom(
            draw_bone(), PatientName=NAME, PatientBirthDate=NAME, PatientSex="ZZQUUX", **UIDS
        ),
        "no sop class": build_dicom(draw_bone(), PatientName=NAME, SOPClassUID="1.2.3.4.5", **UIDS),
    }
TARGETS = (
    "",
    "fracture_core.doors.dicom_out.source.dcmread",
    "fracture_core.doors.dicom_out.capture.SCImage",
    "fracture_core.doors.dicom_out.structured_report.hd.ComprehensiveSR",
    "fracture_core.doors.report.pdf.draw_pictures",
    "fracture_core.radiographs.deidentification.files.apply_profile",
    "fracture_core.radiographs.intake.dicom._details",
)


@pytest.mark.filterwarnings("ignore:Invalid value for VR", "ignore:A value of type")
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", FILES)
def test_no_patient_gets_into_the_log_or_the_messages(
    served: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    name: str,
    target: str,
) -> None:
    monkeypatch.setattr(logging.getLogger(LOGGER_NAME), "handlers", [])
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "in.dcm"
    path.write_bytes(FILES[name])
    if target:
        _damage(monkeypatch, target)
    outputs = ["--pdf", str(tmp_path / "o.pdf"), "--sc", str(tmp_path / "o.sc"), "--sr", str(tmp_path / "o.sr")]
    statuses = [main(["report", str(path), *outputs]), main(["deidentify", str(path), str(tmp_path / "o.deid")])]
    assert target or name not in ("sound", "text for numbers") or statuses == [0, 0]
    log = served.state_dir / "logs" / "fracture.log"
    said = capfd.readouterr()
    seen = said.out + said.err + caplog.text + (log.read_text() if log.is_file() else "")
    assert not [part for part in (NAME[:4], *PATIENT_SECRETS[1:]) if part in seen]


def test_the_state_folder_holds_nothing_of_a_patient(served: Settings, dicom: Path, tmp_path: Path) -> None:
    assert main(["report", str(dicom), "--sc", str(tmp_path / "o.dcm"), "--pdf", str(tmp_path / "o.pdf")]) == 0
    assert str(dcmread(BytesIO((tmp_path / "o.dcm").read_bytes())).PatientName) == NAME
    for path in served.state_dir.rglob("*"):
        assert path.is_dir() or b"ZZQUUX" not in path.read_bytes()
