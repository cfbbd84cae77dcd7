"""The losses beside the label's."""

import pytest
import torch

from fracture_core.training.losses import compute_call_loss, compute_feature_loss, compute_mark_loss


def make_case() -> tuple[torch.Tensor, torch.Tensor]:
    """A fractured radiograph with one box over the cell (1, 2) of 4 x 4, and a sound one."""
    masks = torch.zeros(2, 1, 16, 16)
    masks[0, 0, 4:8, 8:12] = 1
    return masks, torch.tensor([1, 0])


def test_marks_in_the_box_cost_least() -> None:
    masks, labels = make_case()
    right = torch.full((2, 4, 4), -6.0)
    right[0, 1, 2] = 6.0
    elsewhere = right.roll(1, dims=1)
    nothing = torch.full((2, 4, 4), -6.0)
    losses = [float(compute_mark_loss(marks, masks, labels)) for marks in (right, nothing, elsewhere)]
    assert losses[0] < 0.01 < losses[1] < losses[2]


def test_fracture_without_a_box_says_nothing_about_where() -> None:
    marks = torch.zeros(1, 4, 4, requires_grad=True)
    compute_mark_loss(marks, torch.zeros(1, 1, 16, 16), torch.tensor([1])).backward()
    assert marks.grad.abs().sum() == 0
    compute_mark_loss(marks, torch.zeros(1, 1, 16, 16), torch.tensor([0])).backward()
    assert (marks.grad > 0).all()


def test_small_box_still_marks_its_cell_and_touched_cells_do_not_count() -> None:
    masks = torch.zeros(1, 1, 16, 16)
    masks[0, 0, 5, 5:9] = 1  # most of it in cell (1, 1), one pixel in (1, 2)
    marks = torch.zeros(1, 4, 4, requires_grad=True)
    compute_mark_loss(marks, masks, torch.tensor([1])).backward()
    assert marks.grad[0, 1, 1] < 0 and marks.grad[0, 1, 2] == 0 and marks.grad[0, 0, 0] > 0


def test_teacher_that_agrees_costs_nothing() -> None:
    logits = torch.tensor([[1.0, -2.0], [0.5, 3.0]])
    assert float(compute_call_loss(logits, logits + 4)) == pytest.approx(0, abs=1e-6)
    assert float(compute_call_loss(logits, -logits)) > 0.5
    features = torch.randn(2, 3, 8, 8)
    coarse = torch.nn.functional.adaptive_avg_pool2d(features, 4)
    assert float(compute_feature_loss(coarse, features)) == pytest.approx(0, abs=1e-6)
    assert float(compute_feature_loss(coarse + 1, features)) > 0.5
