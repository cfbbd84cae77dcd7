"""What is drawn of radiographs: small pictures, and heatmaps laid over them."""
