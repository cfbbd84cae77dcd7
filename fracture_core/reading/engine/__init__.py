"""What computes a reading: device, forward pass, heatmap."""
