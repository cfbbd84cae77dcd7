"""``worklist`` on the command line."""

import json

import pytest

from fracture_core.base.settings import Settings
from fracture_core.doors.cli import main
from tests.tiny_world import encode_phantom, make_checkpoint


@pytest.fixture
def ward(own_settings: Settings) -> str:
    """A folder with two radiographs and a bad file, and a model."""
    make_checkpoint(own_settings.checkpoints_dir / "default")
    folder = own_settings.data_dir / "ward"
    folder.mkdir(parents=True)
    for number in range(2):
        (folder / f"{number}.png").write_bytes(encode_phantom(number, size_px=48))
    (folder / "bad.png").write_bytes(b"")
    return str(folder)


def test_create_show_export_delete(ward: str, own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worklist"]) == 0 and "no worklist yet" in capsys.readouterr().out
    assert main(["worklist", "create", ward, "--title", "Monday", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["title"] == "Monday" and made["progress"]["done"] == 2 and len(made["items"]) == 3
    assert main(["worklist", "list"]) == 0
    assert "Monday: 2 read, 1 could not be read" in capsys.readouterr().out
    assert main(["worklist", "show", made["id"]]) == 0
    assert "bad.png: not read: The file is empty." in capsys.readouterr().out
    csv, xlsx = own_settings.state_dir / "a.csv", own_settings.state_dir / "a.xlsx"
    assert main(["worklist", "export", made["id"]]) == 2
    assert main(["worklist", "export", made["id"], "--csv", str(csv), "--xlsx", str(xlsx)]) == 0
    assert csv.read_bytes().count(b"\n") == 4 and xlsx.read_bytes()[:2] == b"PK"
    assert main(["worklist", "delete", made["id"]]) == 0
    capsys.readouterr()
    assert main(["worklist", "show", made["id"]]) == 1 and "no such worklist" in capsys.readouterr().err


def test_read_has_nothing_to_do_where_all_is_read(ward: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["worklist", "create", ward, "--json"])
    made = json.loads(capsys.readouterr().out)
    assert main(["worklist", "read", made["id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == made["items"]
