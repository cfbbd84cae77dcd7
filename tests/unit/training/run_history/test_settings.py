"""Settings of runs, and how quick a run like the one asked for was."""

from fracture_core.base.settings import Settings
from fracture_core.training.run_history.settings import find_differences, find_speed, list_settings, shorten_data
from fracture_core.training.runs.run import MetricPoint, RunState, TrainingRequest, create_run

QUICK = TrainingRequest(data=("phantoms",), recipe="quick")


def start(request: TrainingRequest, images_per_s: float | None = None, **changes: object) -> RunState:
    points = (
        []
        if images_per_s is None
        else [MetricPoint(5, 0, "images_per_s", 1.0), MetricPoint(10, 0, "images_per_s", images_per_s)]
    )
    return create_run(request).write({"device": "cpu"} | changes, points)


def test_settings_are_what_was_trained_with(own_settings: Settings) -> None:
    settings = list_settings(start(QUICK.model_copy(update={"epochs": 3})))
    assert (settings["epochs"], settings["batch_size"], settings["input_size_px"]) == (3, 16, 128)
    assert settings["augmentation"] == "the recipe's" and settings["device"] == "cpu"


def test_only_real_differences_count(own_settings: Settings) -> None:
    first = start(QUICK)
    same = start(QUICK.model_copy(update={"epochs": 30}))  # what the recipe says anyway
    other = start(QUICK.model_copy(update={"epochs": 5, "seed": 4}))
    assert find_differences([first, same]) == []
    assert find_differences([first, same, other]) == ["epochs", "seed"]
    assert find_differences([]) == []


def test_a_recipe_that_is_gone_is_no_error(own_settings: Settings) -> None:
    assert list_settings(start(TrainingRequest(data=("phantoms",), recipe="of-old")))["epochs"] is None


def test_data_is_named_shortly() -> None:
    assert [shorten_data(name) for name in ("phantoms", "/a/b/ours", "/a/x.zip", "/")] == [
        "phantoms",
        "ours",
        "x.zip",
        "/",
    ]


def test_speed_is_of_the_newest_run_alike(own_settings: Settings) -> None:
    assert find_speed(QUICK, "cpu") is None
    start(QUICK, 20.0)
    start(QUICK, 25.0)
    start(QUICK)  # newer, but measured nothing
    start(QUICK.model_copy(update={"input_size_px": 64}), 90.0)
    start(QUICK, 900.0, device="cuda")
    start(QUICK, 70.0, host="another-machine")
    assert find_speed(QUICK, "cpu") == 25.0
    assert find_speed(QUICK.model_copy(update={"seed": 9, "epochs": 2}), "cpu") == 25.0
    assert find_speed(QUICK.model_copy(update={"input_size_px": 64}), "cpu") == 90.0
    assert find_speed(QUICK.model_copy(update={"batch_size": 4}), "cpu") is None
    assert find_speed(QUICK, "mps") is None
