"""Lightning and torchmetrics, made importable first. Apart: importing them brings torchvision, which needs mending.

Every module of this room takes them from here; see ``networks.torchvision_compat``.
"""

from fracture_core.networks import ensure_torchvision_imports

ensure_torchvision_imports()

import lightning as L  # noqa: E402
from lightning.fabric.plugins import TorchCheckpointIO  # noqa: E402
from lightning.fabric.plugins.environments.lightning import LightningEnvironment  # noqa: E402
from lightning.fabric.plugins.environments.slurm import SLURMEnvironment  # noqa: E402
from lightning.fabric.plugins.environments.torchelastic import TorchElasticEnvironment  # noqa: E402
from lightning.pytorch.callbacks import Callback, Checkpoint, EMAWeightAveraging, TQDMProgressBar  # noqa: E402
from lightning.pytorch.strategies import DDPStrategy  # noqa: E402
from torchmetrics.aggregation import MeanMetric  # noqa: E402
from torchmetrics.classification import BinaryAccuracy, BinaryAUROC  # noqa: E402

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
