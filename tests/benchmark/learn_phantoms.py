"""Whether the drawn phantoms can be learnt: a small network trains on one set and reads another it has not seen.

python -m tests.benchmark.learn_phantoms [EPOCHS]
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from fracture_core.datasets.layouts.catalog import read_catalog
from fracture_core.datasets.phantoms.dataset import ensure_phantom_dataset
from fracture_core.datasets.phantoms.drawing import REGIONS
from fracture_core.networks.inception import build_convolution
from fracture_core.networks.preprocessing import Preprocessing, letterbox
from fracture_core.radiographs.intake.read import read_radiograph_file

PREPROCESSING = Preprocessing(input_size_px=128)
BATCH_SIZE, LEARNING_RATE = 12, 3e-3  # the batch divides the 240 phantoms


class SmallNetwork(nn.Module):
    """Six convolutions, 52 000 weights; ``(N, 1, S, S)`` to ``(N, 2)`` logits."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            build_convolution(1, 12, 5, stride=2),
            build_convolution(12, 24, 3),
            nn.MaxPool2d(2),
            build_convolution(24, 32, 3),
            build_convolution(32, 48, 3),
            nn.MaxPool2d(2),
            build_convolution(48, 64, 3),
        )
        self.classifier = nn.Linear(128, 2)

    def forward(self, x: Tensor) -> Tensor:
        features = self.features(x)
        return self.classifier(torch.cat([features.amax((2, 3)), features.mean((2, 3))], dim=1))


def read_set(directory: Path, seed: int) -> tuple[Tensor, Tensor, np.ndarray]:
    """Return standardized pictures ``(N, 1, S, S)``, labels and regions of 240 phantoms."""
    items = read_catalog(ensure_phantom_dataset(directory / str(seed), seed=seed)).items
    squares = np.stack([letterbox(read_radiograph_file(item.path), PREPROCESSING) for item in items])
    pictures = torch.from_numpy(squares).unsqueeze(1).float() / 255.0
    labels = torch.tensor([item.label for item in items])
    return (pictures - pictures.mean()) / pictures.std(), labels, np.array([item.region for item in items])


def turn(picture: Tensor) -> Tensor:
    """Return ``(1, S, S)`` flipped or not, and turned by 0 to 3 quarters, by chance."""
    picture = picture.flip(2) if torch.rand(()) < 0.5 else picture
    return torch.rot90(picture, int(torch.randint(4, ())), (1, 2))


def train(network: SmallNetwork, pictures: Tensor, labels: Tensor, epochs: int) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=0.01)
    steps = epochs * (len(pictures) // BATCH_SIZE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(pictures)).split(BATCH_SIZE):
            batch = torch.stack([turn(pictures[index]) for index in chosen])
            optimizer.zero_grad()
            F.cross_entropy(network(batch), labels[chosen]).backward()
            optimizer.step()
            schedule.step()


def main(epochs: int) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        pictures, labels, _ = read_set(Path(folder), seed=0)
        unseen, unseen_labels, regions = read_set(Path(folder), seed=1)
    network, started_s = SmallNetwork(), time.process_time()
    train(network, pictures, labels, epochs)
    network.eval()
    with torch.inference_mode():
        right = (torch.cat([network(part) for part in unseen.split(60)]).argmax(1) == unseen_labels).numpy()
    elapsed_s = time.process_time() - started_s
    print(f"{epochs} epochs, {elapsed_s:.0f} s of CPU: accuracy {right.mean():.3f} on {len(right)} unseen phantoms")
    for region in REGIONS:
        print(f"  {region:<8} {right[regions == region].mean():.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
