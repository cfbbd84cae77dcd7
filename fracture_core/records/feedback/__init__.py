"""What readers say of the model's readings: agreement, corrected labels, and what they come to."""
