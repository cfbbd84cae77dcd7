"""A run's files: whole, readable while written, and cut back to where a resume starts."""

import pytest
from pydantic import ValidationError

from fracture_core.errors import JobError
from fracture_core.runs import TrainingRequest, create_run, find_run, list_run_folders
from fracture_core.settings import Settings

REQUEST = TrainingRequest(data=("phantoms",), recipe="quick")


def test_new_run_is_starting_and_found(own_settings: Settings) -> None:
    folder = create_run(REQUEST)
    state = find_run(folder.id).read_state()
    assert (state.status, state.request, state.has_ended) == ("starting", REQUEST, False)
    assert [found.id for found in list_run_folders()] == [folder.id]


def test_metrics_are_appended_and_an_unfinished_line_is_left_out(own_settings: Settings) -> None:
    folder = create_run(REQUEST)
    assert folder.read_metrics() == []
    folder.append_metrics(5, 0, {"train_loss": 0.7, "learning_rate": 0.001})
    folder.append_metrics(10, 1, {"train_loss": 0.6})
    with folder.metrics_path.open("a") as stream:
        stream.write("15,1,train_lo")
    assert folder.read_metrics() == [
        (5, 0, "train_loss", 0.7),
        (5, 0, "learning_rate", 0.001),
        (10, 1, "train_loss", 0.6),
    ]


def test_metrics_after_the_resume_point_are_dropped(own_settings: Settings) -> None:
    folder = create_run(REQUEST)
    for step in (5, 10, 15):
        folder.append_metrics(step, 0, {"train_loss": step / 10})
    folder.drop_metrics_after(10)
    folder.append_metrics(15, 0, {"train_loss": 9.0})
    assert [row[3] for row in folder.read_metrics()] == [0.5, 1.0, 9.0]


def test_state_is_validated(own_settings: Settings) -> None:
    folder = create_run(REQUEST)
    with pytest.raises(ValidationError):
        folder.update_state(status="dancing")
    assert folder.read_state().status == "starting"


@pytest.mark.parametrize("run_id", ["nothing", "../..", "/etc"])
def test_unknown_run_is_told(run_id: str, own_settings: Settings) -> None:
    with pytest.raises(JobError, match="no training run"):
        find_run(run_id)


def test_damaged_state_is_told(own_settings: Settings) -> None:
    folder = create_run(REQUEST)
    (folder.directory / "state.json").write_text("{")
    with pytest.raises(JobError, match="damaged"):
        folder.read_state()


@pytest.mark.parametrize("field", [{"epochs": 0}, {"learning_rate": -1}, {"data": ()}, {"device": "tpu"}, {"batch_size": 1}])
def test_senseless_request_is_refused(field: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrainingRequest.model_validate({"data": ("phantoms",)} | field)
