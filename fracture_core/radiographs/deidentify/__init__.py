"""Files to hand out, without what identifies a person."""

from fracture_core.radiographs.deidentify.files import Deidentified, deidentify

__all__ = ["Deidentified", "deidentify"]
