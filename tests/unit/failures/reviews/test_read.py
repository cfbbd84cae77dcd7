"""All that was said of radiographs, added up; and a stamp that changes with it."""

from fracture_core.base.settings import Settings
from fracture_core.failures.reviews.read import read_history, read_reviews, stamp_reviews
from fracture_core.failures.reviews.records import Review
from fracture_core.failures.reviews.write import add_note, add_tag
from tests.unit.failures.reviews.test_write import A


def test_nothing_said_is_nothing_and_makes_no_database(own_settings: Settings) -> None:
    assert read_reviews("set") == {} and read_history("set", A) == [] and stamp_reviews("set") == 0
    assert not (own_settings.state_dir / "fracture.db").exists()


def test_stamp_changes_with_what_is_said_of_this_data_set_alone(own_settings: Settings) -> None:
    add_tag("set", [A], "x", "Ada")
    first = stamp_reviews("set")
    add_tag("other", [A], "x", "Ada")
    assert stamp_reviews("set") == first
    add_note("set", A, "x", "Ada")
    assert stamp_reviews("set") > first


def test_ten_thousand_files_are_tagged_and_read_in_one_call_each(own_settings: Settings) -> None:
    names = [f"image-{number:05d}.jpg" for number in range(10_000)]
    add_tag("set", names, "batch", "Ada")
    reviews = read_reviews("set")
    assert len(reviews) == 10_000 and all(review.tags == ("batch",) for review in reviews.values())
    assert reviews[names[7]] == Review(tags=("batch",), last_by="Ada", last_at=reviews[names[0]].last_at)
