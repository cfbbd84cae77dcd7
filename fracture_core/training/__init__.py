"""Training: recipes, augmentation, the LightningModule and one run."""

from fracture_core.networks.torchvision_compat import ensure_torchvision_imports

ensure_torchvision_imports()  # lightning and torchmetrics import torchvision
