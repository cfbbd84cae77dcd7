"""What two checkpoints get wrong differently, over the files that both have."""

from fracture_core.failures.changes import compare_failures
from tests.unit.failures.made import make_evaluation, make_prediction


def test_changes_are_of_files_that_both_have() -> None:
    now = [make_prediction("fixed", 1, 0.9), make_prediction("new", 0, 0.9), make_prediction("still", 1, 0.1)]
    now += [
        make_prediction("right", 0, 0.1),
        make_prediction("only here", 0, 0.9),
        make_prediction("relabelled", 1, 0.1),
    ]
    before = [make_prediction("fixed", 1, 0.1), make_prediction("new", 0, 0.1), make_prediction("still", 1, 0.2)]
    before += [
        make_prediction("right", 0, 0.2),
        make_prediction("only there", 0, 0.9),
        make_prediction("relabelled", 0, 0.1),
    ]
    changes = compare_failures(make_evaluation(now), make_evaluation(before))
    assert (changes.fixed, changes.new, changes.still, changes.compared) == (("fixed",), ("new",), ("still",), 4)
    assert compare_failures(make_evaluation(now), make_evaluation(before, dataset="another")).compared == 0
