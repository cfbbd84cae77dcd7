"""The command ``pacs``, with a real archive: find, pull, push; what is printed and what is not."""

import pytest

from fracture_core.base.settings import get_settings
from fracture_core.doors.cli import main
from fracture_core.networks.checkpoints import Checkpoint
from fracture_core.records.worklist.read import list_worklists
from tests.orthanc import Orthanc, find_free_port
from tests.unit.doors.pacs.conftest import SetUp, archive, checkpoint, draw_study, orthanc, set_up  # noqa: F401 - fixtures
from tests.unit.doors.pacs.running import list_kinds

Printed = pytest.CaptureFixture[str]


def test_find_pull_and_push(orthanc: Orthanc, checkpoint: Checkpoint, capsys: Printed) -> None:
    study = draw_study(2)
    for data in study.files:
        orthanc.store(data)
    assert main(["pacs", "find", "--accession", study.accession_number, "--from", "1970-01-31"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{study.uid}  1970-01-31, CR, Forearm, 2 objects") and "DOE" not in out
    assert main(["pacs", "find", "--study", study.uid, "--names"]) == 0
    assert "DOE JANE" in capsys.readouterr().out
    assert main(["pacs", "pull", study.uid]) == 0
    (worklist,) = list_worklists()
    assert f"{worklist.id}  From the PACS" in (out := capsys.readouterr().out) and "2 read" in out
    assert main(["pacs", "push", worklist.id, "--item", "1"]) == 0
    assert "of 1 radiograph\n" in capsys.readouterr().out
    assert list_kinds(orthanc, study.uid) == ["CR", "CR", "OT", "SR"]
    assert main(["audit-log", "verify"]) == 0


def test_nothing_found_and_nothing_asked(orthanc: Orthanc, capsys: Printed) -> None:
    assert main(["pacs", "find", "--patient", "nobody-of-that-id"]) == 0
    assert "no such study" in capsys.readouterr().out
    assert main(["pacs", "find"]) == 1
    assert "Nothing is searched for" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["pacs", "find", "--from", "yesterday"])


def test_echo_tells_which_of_both_is_away(orthanc: Orthanc, set_up: SetUp, capsys: Printed) -> None:
    assert main(["pacs", "echo"]) == 0
    assert capsys.readouterr().out == "DICOMweb: answers\nC-ECHO to ARCHIVE: answers\n"
    set_up(dimse_destination=f"127.0.0.1:{find_free_port()}:ARCHIVE")
    assert main(["pacs", "echo"]) == 1
    said = capsys.readouterr()
    assert "DICOMweb: answers" in said.out and "ARCHIVE cannot be reached" in said.err
    set_up(dimse_destination="", pacs_url="")
    assert main(["pacs", "echo"]) == 1
    assert "No PACS is named" in capsys.readouterr().err


def test_status_before_anything_came(orthanc: Orthanc, capsys: Printed) -> None:
    assert main(["pacs", "status"]) == 0
    assert "does not run here: nothing came yet" in capsys.readouterr().out
    assert main(["pacs", "retry", "abc"]) == 1
    assert "no such object" in capsys.readouterr().err


def test_a_password_is_in_no_representation(orthanc: Orthanc) -> None:
    assert get_settings().pacs_password not in repr(get_settings())
