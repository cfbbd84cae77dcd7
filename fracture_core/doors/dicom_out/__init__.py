"""DICOM objects about one reading, for the study that the radiograph came from."""
