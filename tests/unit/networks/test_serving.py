"""Which model is in use: a history that is only added to, and one decision at a time."""

import threading

import pytest

from fracture_core.base.errors import CheckpointDamagedError, CheckpointNotFoundError, PromotionError
from fracture_core.base.settings import Settings
from fracture_core.networks.checkpoints import find_checkpoint, list_checkpoints
from fracture_core.networks.serving import (
    ServedModel,
    find_served_model,
    find_served_name,
    list_earlier_models,
    list_serving_history,
    record_promotion,
    record_rollback,
)
from tests.tiny_world import make_checkpoint

A, B, C = (ServedModel(letter, letter * 64) for letter in "abc")
DEFAULT = ServedModel("default", "d" * 64)


def promote(new: ServedModel, seen: ServedModel) -> None:
    record_promotion(new, seen, who="Ada", reason="better", verdict="better")


def roll_back() -> ServedModel:
    record_rollback(list_earlier_models()[0], find_served_model(), who="Ada", reason="worse after all")
    return find_served_model()


def test_settings_decide_until_something_is_promoted(own_settings: Settings) -> None:
    assert (
        find_served_model() == ServedModel("default", "")
        and list_serving_history() == []
        and list_earlier_models() == []
    )
    assert not own_settings.state_dir.exists()  # looking makes no database
    promote(A, DEFAULT)
    assert find_served_model() == A and find_served_name() == "a"
    record = list_serving_history()[-1]
    assert (record.number, record.action, record.model, record.replaced) == (1, "promote", A, DEFAULT)
    assert (record.who, record.reason, record.verdict, record.forced) == ("Ada", "better", "better", False)
    assert record.at.utcoffset().total_seconds() == 0


def test_rolling_back_twice_goes_two_models_back(either_database: Settings) -> None:
    for new, seen in ((A, DEFAULT), (B, A), (C, B)):
        promote(new, seen)
    assert list_earlier_models() == [B, A, DEFAULT]
    assert [roll_back(), roll_back()] == [B, A]
    promote(C, A)  # lies on top of what is in use, not of what was
    assert list_earlier_models() == [A, DEFAULT]
    assert [roll_back(), roll_back()] == [A, DEFAULT]
    assert list_earlier_models() == []
    assert [record.action for record in list_serving_history()] == ["promote"] * 3 + ["rollback"] * 2 + ["promote"] + [
        "rollback"
    ] * 2


def test_what_was_passed_over_in_a_roll_back_stays_passed_over(own_settings: Settings) -> None:
    for new, seen in ((A, DEFAULT), (B, A), (C, B)):
        promote(new, seen)
    record_rollback(A, C, who="Ada", reason="B has gone")
    assert find_served_model() == A and list_earlier_models() == [DEFAULT]


def test_a_decision_about_another_model_than_the_one_in_use_is_refused(own_settings: Settings) -> None:
    promote(A, DEFAULT)
    for seen in (DEFAULT, ServedModel("a", "f" * 64)):
        with pytest.raises(PromotionError, match="Somebody else has changed the model in use meanwhile, to 'a'"):
            promote(B, seen)
        with pytest.raises(PromotionError, match="meanwhile"):
            record_rollback(DEFAULT, seen, who="Ada", reason="no")
    assert len(list_serving_history()) == 1


def test_of_two_who_press_at_once_one_is_told(either_database: Settings) -> None:
    promote(A, DEFAULT)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def press(new: ServedModel) -> None:
        barrier.wait()
        try:
            promote(new, A)
            outcomes.append(new.name)
        except PromotionError as error:
            outcomes.append(error.problem)

    threads = [threading.Thread(target=press, args=(new,)) for new in (B, C)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list_serving_history()) == 2
    assert sorted("meanwhile" in outcome for outcome in outcomes) == [False, True]
    assert find_served_name() in outcomes


def test_registry_follows(own_settings: Settings) -> None:
    for name in ("alpha", "default", "omega"):
        make_checkpoint(own_settings.checkpoints_dir / name, seed=len(name))
    omega, default = find_checkpoint("omega"), find_checkpoint()
    assert default.name == "default"
    promote(
        ServedModel("omega", omega.manifest.weights_sha256), ServedModel("default", default.manifest.weights_sha256)
    )
    assert find_checkpoint().name == "omega"
    assert [checkpoint.name for checkpoint in list_checkpoints()] == ["omega", "alpha", "default"]


def test_default_names_the_model_in_use(own_settings: Settings) -> None:
    checkpoint = make_checkpoint(own_settings.checkpoints_dir / "mine")
    promote(ServedModel("mine", checkpoint.manifest.weights_sha256), ServedModel("default", ""))
    assert find_checkpoint("default").name == "mine"


def test_model_in_use_that_has_gone_is_named_with_the_way_back(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "default")
    promote(A, DEFAULT)
    with pytest.raises(
        CheckpointNotFoundError, match=r"'a' was taken into use.*its folder has gone.*checkpoints rollback"
    ):
        find_checkpoint()
    assert find_checkpoint("default").name == "default"  # the others still work


def test_model_in_use_whose_folder_holds_other_weights_is_refused(own_settings: Settings) -> None:
    make_checkpoint(own_settings.checkpoints_dir / "a", seed=1)
    promote(A, DEFAULT)
    with pytest.raises(CheckpointDamagedError, match=r"no longer holds the weights.*rollback"):
        find_checkpoint()
    (own_settings.checkpoints_dir / "a" / "manifest.json").write_text("{")
    with pytest.raises(CheckpointDamagedError, match=r"damaged.*rollback"):
        find_checkpoint()
