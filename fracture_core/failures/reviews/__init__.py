"""What people say of radiographs: tags, notes, proposed labels; who said it and when, never overwritten."""

from fracture_core.failures.reviews.hand_over import HandOver, hand_back, hand_over, list_handed_over
from fracture_core.failures.reviews.read import read_history, read_reviews, stamp_reviews
from fracture_core.failures.reviews.records import Note, Review, ReviewEvent
from fracture_core.failures.reviews.write import add_note, add_tag, mark_reviewed, propose_label, remove_tag

__all__ = [
    "HandOver",
    "Note",
    "Review",
    "ReviewEvent",
    "add_note",
    "add_tag",
    "hand_back",
    "hand_over",
    "list_handed_over",
    "mark_reviewed",
    "propose_label",
    "read_history",
    "read_reviews",
    "remove_tag",
    "stamp_reviews",
]
