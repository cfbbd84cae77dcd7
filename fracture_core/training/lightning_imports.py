"""Lightning and torchmetrics, made importable first. Apart: importing them brings torchvision, which needs mending.

Every module of this room takes them from here; see ``networks.torchvision_compat``.
"""

from fracture_core.networks import ensure_torchvision_imports

ensure_torchvision_imports()

import lightning as L
from lightning.fabric.plugins import TorchCheckpointIO
from lightning.fabric.plugins.environments import SLURMEnvironment
from lightning.pytorch.callbacks import Callback, Checkpoint, EMAWeightAveraging, TQDMProgressBar
from lightning.pytorch.plugins.environments import LightningEnvironment, TorchElasticEnvironment
from lightning.pytorch.strategies import DDPStrategy
from torchmetrics.aggregation import MeanMetric
from torchmetrics.classification import BinaryAccuracy, BinaryAUROC

__all__ = [
    "BinaryAUROC",
    "BinaryAccuracy",
    "Callback",
    "Checkpoint",
    "DDPStrategy",
    "EMAWeightAveraging",
    "L",
    "LightningEnvironment",
    "MeanMetric",
    "SLURMEnvironment",
    "TQDMProgressBar",
    "TorchCheckpointIO",
    "TorchElasticEnvironment",
]
