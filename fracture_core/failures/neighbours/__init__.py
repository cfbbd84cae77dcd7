"""The training radiographs that look most like one to a network, with their labels."""
