"""``feedback`` on the command line."""

import json

import pytest

from fracture_core.base.settings import Settings, get_settings
from fracture_core.datasets.sources import has_reviewed
from fracture_core.doors.cli import main
from tests.feedback_world import judge, make_reading
from tests.tiny_world import encode_phantom


def test_give_list_and_disagreements(own_settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, right = make_reading("positive"), make_reading("negative")
    command = [
        "feedback",
        "give",
        wrong.id,
        "--disagree",
        "--label",
        "not fractured",
        "--region",
        "ankle",
        "--note",
        "Old.",
    ]
    assert main([*command, "--who", "Ben"]) == 0 and "Ben says not fractured" in capsys.readouterr().out
    assert main(["feedback", "give", right.id, "--agree", "--who", "Ben", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["label"] == "not fractured"
    assert main(["feedback", "give", right.id, "--disagree", "--who", "Ben"]) == 1
    assert "do not say what it is" in capsys.readouterr().err
    assert main(["feedback", "list", wrong.id]) == 0
    assert 'Ben  disagrees, not fractured, ankle: "Old."' in capsys.readouterr().out
    assert main(["feedback", "list", "--limit", "1"]) == 0
    out = capsys.readouterr().out
    assert right.id in out and wrong.id not in out and "more: --before 2" in out
    assert main(["feedback", "disagreements", "--json", "--region", "ankle"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["reading"] == wrong.id and json.loads(line)["consensus"] == "not fractured"
    assert main(["feedback", "disagreements", "--between", "readers"]) == 0 and capsys.readouterr().out == ""
    assert main(["feedback", "disagreements", "--start", "yesterday"]) == 1


def test_agreement_has_figures_with_intervals_readers_and_the_caution(
    own_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", "agreement"]) == 0 and "nothing was judged" in capsys.readouterr().out
    for number in range(4):
        record = make_reading("positive")
        judge(record, int(number > 0), "Ben")
        judge(record, int(number > 0), "Cy")
    assert main(["feedback", "agreement", "--by", "region"]) == 0
    out = capsys.readouterr().out
    assert "wrist: 4 judged radiographs" in out and "0.750  [0.194, 0.994]  4" in out
    assert "Ben and Cy, 4 readings" in out and "People choose which readings they judge" in out
    assert main(["feedback", "agreement", "--by", "month", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"][0]["agreement"]["value"] == 0.75 and found["readers"][0]["kappa"]["value"] == 1.0
    assert found["drift"] == [] and found["caution"]


def test_hand_over_and_take_back(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRACTURE_KEEP_PICTURES", "1")
    get_settings.cache_clear()
    record = make_reading("positive", data=encode_phantom(41))
    assert main(["feedback", "hand-over", record.id, "--who", "Ada"]) == 1
    assert "Nobody has judged it" in capsys.readouterr().err
    judge(record, 1)
    assert main(["feedback", "hand-over", "--all", "--who", "Ada"]) == 0
    assert "1 of 1 are in the data set 'reviewed'" in capsys.readouterr().out and has_reviewed()
    assert main(["feedback", "hand-over", record.id, "--take-back", "--who", "Ada"]) == 0 and not has_reviewed()
