"""Images and box masks move together; a change of gray leaves masks alone."""

import pytest
import torch

from fracture_core.training.augmentation import Augmentation, augment


def make_marked(count: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    images = torch.zeros(count, 1, 64, 64)
    images[:, :, 8:20, 36:52] = 1.0
    masks = torch.zeros(count, 1, 16, 16)
    masks[:, :, 2:5, 9:13] = 1.0
    return images, masks


def test_nothing_asked_changes_nothing() -> None:
    images, masks = torch.rand(4, 1, 32, 32), torch.rand(4, 1, 8, 8)
    changed, moved = augment(images, masks, Augmentation())
    assert torch.equal(changed, images) and torch.equal(moved, masks)


@pytest.mark.parametrize(
    "augmentation",
    [
        Augmentation(horizontal_flip=1),
        Augmentation(vertical_flip=1),
        Augmentation(rotation_deg=180),
        Augmentation(scale=0.5),
        Augmentation(shift=0.2),
        Augmentation(horizontal_flip=0.5, vertical_flip=0.5, rotation_deg=30, scale=0.3, shift=0.1),
    ],
)
def test_masks_move_with_their_images(augmentation: Augmentation) -> None:
    torch.manual_seed(0)
    images, masks = make_marked()
    changed, moved = augment(images, masks, augmentation)
    assert not torch.equal(changed, images)
    for image, mask in zip(changed[:, 0], moved[:, 0], strict=True):
        if mask.sum() < 8 or image.sum() < 150:  # moved out of the picture for the most part
            continue
        for axis in (0, 1):
            where_image = (image.sum(1 - axis) * torch.arange(64)).sum() / image.sum() / 64
            where_mask = (mask.sum(1 - axis) * torch.arange(16)).sum() / mask.sum() / 16
            assert abs(where_image - where_mask) < 0.06


def test_flip_is_a_flip() -> None:
    images, masks = torch.rand(2, 1, 16, 16), torch.zeros(2, 1, 4, 4)
    flipped, _ = augment(images, masks, Augmentation(horizontal_flip=1))
    torch.testing.assert_close(flipped, images.flip(3), atol=1e-5, rtol=0)
    flipped, _ = augment(images, masks, Augmentation(vertical_flip=1))
    torch.testing.assert_close(flipped, images.flip(2), atol=1e-5, rtol=0)


def test_each_image_is_changed_its_own_way() -> None:
    torch.manual_seed(0)
    images, masks = make_marked(8)
    changed, _ = augment(images, masks, Augmentation(rotation_deg=90))
    assert len({round(float(image[:, :32].sum()), 1) for image in changed}) > 4


def test_gray_stays_in_range_and_masks_stay() -> None:
    torch.manual_seed(0)
    images, masks = torch.rand(8, 1, 32, 32), torch.rand(8, 1, 8, 8)
    changed, moved = augment(images, masks, Augmentation(contrast=0.5, noise=0.1))
    assert changed.min() >= 0 and changed.max() <= 1
    assert not torch.equal(changed, images)
    assert torch.equal(moved, masks)


def test_part_of_a_batch_is_changed_as_in_the_whole() -> None:
    everything = Augmentation(horizontal_flip=0.5, rotation_deg=30, scale=0.2, shift=0.1, contrast=0.4, noise=0.1)
    images, masks = torch.rand(6, 1, 32, 32), torch.rand(6, 1, 8, 8)
    torch.manual_seed(1)
    whole = augment(images, masks, everything)
    torch.manual_seed(1)
    part = augment(images, masks, everything, slice(2, 5))
    torch.testing.assert_close(part, (whole[0][2:5], whole[1][2:5]))
