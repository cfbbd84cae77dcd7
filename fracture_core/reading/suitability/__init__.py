"""Whether a picture is one that the model can be asked about: the gate before the call."""
