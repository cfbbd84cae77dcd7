"""What people say of radiographs: tags, notes, proposed labels; who said it and when, never overwritten."""

from fracture_core.reviews.records import Note, Review, ReviewEvent

__all__ = ["Note", "Review", "ReviewEvent"]
