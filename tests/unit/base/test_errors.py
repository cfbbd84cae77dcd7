"""Errors say what is wrong, then what to do."""

import inspect

import pytest

from fracture_core.base import errors
from fracture_core.base.errors import FractureError, ShapeError, quote_first


def test_message_is_problem_then_remedy() -> None:
    error = FractureError("The file is empty.", "Export it again.")
    assert str(error) == "The file is empty. Export it again."
    assert (error.problem, error.remedy) == ("The file is empty.", "Export it again.")


def test_shape_error_carries_both_shapes() -> None:
    error = ShapeError("batch", (2, 3), "(N, 1, H, W)")
    assert error.actual == (2, 3)
    assert "(2, 3)" in str(error) and "(N, 1, H, W)" in str(error)


def test_every_error_is_in_the_tree_at_the_top_of_the_file() -> None:
    classes = [value for value in vars(errors).values() if inspect.isclass(value)]
    assert len(classes) > 10
    for found in classes:
        assert issubclass(found, FractureError)
        assert found.__name__ in errors.__doc__


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, ""), (1, "a0"), (3, "a0, a1, a2"), (4, "a0, a1, a2 and 1 more"), (9, "a0, a1, a2 and 6 more")],
)
def test_the_first_names_are_quoted_and_the_others_counted(count: int, told: str) -> None:
    assert quote_first([f"a{number}" for number in range(count)]) == told
