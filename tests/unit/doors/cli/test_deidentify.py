"""``deidentify``: a new file, never over another."""

from pathlib import Path

import pytest

from fracture_core.doors.cli import main


def test_deidentify_writes_a_new_file(dicom: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "stripped.dcm"
    assert main(["deidentify", str(dicom), str(out)]) == 0
    captured = capsys.readouterr()
    assert "DICOM written" in captured.out and "pixels are as they were" in captured.err
    assert b"ZZQUUX" not in out.read_bytes()
    assert main(["deidentify", str(dicom), str(out)]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["deidentify", str(tmp_path / "gone.dcm"), str(tmp_path / "x.dcm")]) == 1
    assert "There is no file" in capsys.readouterr().err
