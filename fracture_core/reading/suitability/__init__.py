"""Whether a picture is one that the model can be asked about: before its call is shown."""
