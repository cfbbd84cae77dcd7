"""The image archive: studies found, fetched and answered by DICOMweb, and a service that reads what DICOM sends it."""
