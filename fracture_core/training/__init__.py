"""Training: recipes, augmentation, the LightningModule and one run."""
