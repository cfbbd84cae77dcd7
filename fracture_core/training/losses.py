"""What a training step is asked to make small, next to the cross-entropy of the label."""

import torch
import torch.nn.functional as F
from torch import Tensor

MARKED_SHARE = 0.4  # of a cell inside a box, from which the cell counts as marked
FOCUS = 2.0  # how fast the loss forgets cells that are right already


def compute_mark_loss(marks: Tensor, masks: Tensor, labels: Tensor) -> Tensor:
    """Return the focal loss of marks against fracture boxes, per marked cell.

    A box covers a hundredth of a radiograph on average: the mean over all cells
    would be won by marking nothing. Cells that a box merely touches, and fractured
    radiographs without boxes, say nothing either way and do not count.

    Args:
        marks: ``(N, h, w)`` logits.
        masks: ``(N, 1, s, s)`` float32, 1 inside a box.
        labels: ``(N,)``, 1 for fractured.

    Source: Lin et al. 2017, arXiv:1708.02002, eq. 4.
    """
    covered = F.adaptive_avg_pool2d(masks, (marks.shape[-2], marks.shape[-1])).squeeze(1)
    most = covered.amax(dim=(1, 2), keepdim=True)
    is_marked = (covered > 0) & (covered >= torch.minimum(most, most.new_tensor(MARKED_SHARE)))
    counts = is_marked | ((covered == 0) & ((most > 0) | (labels == 0)[:, None, None]))
    logits, targets = marks.float(), is_marked.float()
    wrong = (torch.sigmoid(logits) - targets).abs()
    losses = F.binary_cross_entropy_with_logits(logits, targets, reduction="none") * wrong**FOCUS
    return (losses * counts).sum() / is_marked.sum().clamp_min(1)


def compute_call_loss(logits: Tensor, teacher_logits: Tensor, temperature: float = 2.0) -> Tensor:
    """Return the divergence of ``(N, 2)`` logits from a teacher's (Hinton et al. 2015, arXiv:1503.02531)."""
    student = F.log_softmax(logits.float() / temperature, dim=1)
    teacher = F.softmax(teacher_logits.float() / temperature, dim=1)
    return F.kl_div(student, teacher, reduction="batchmean") * temperature**2


def compute_feature_loss(projected: Tensor, teacher_features: Tensor) -> Tensor:
    """Return the squared distance of ``(N, C, h, w)`` maps, each channel in units of its spread over the batch.

    The teacher's maps are averaged to the pupil's grid where they are finer.
    """
    teacher_features = F.adaptive_avg_pool2d(teacher_features, (projected.shape[-2], projected.shape[-1]))
    spread = teacher_features.float().std(dim=(0, 2, 3), keepdim=True).clamp_min(1e-3)
    return F.mse_loss(projected.float() / spread, teacher_features.float() / spread)
