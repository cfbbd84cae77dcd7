"""What readers say of the model's readings: agreement, corrected labels, and what they come to."""

from fracture_core.records.feedback.read import latest, read_feedback, stamp_feedback
from fracture_core.records.feedback.records import Consensus, Feedback, decide
from fracture_core.records.feedback.write import give_feedback

__all__ = ["Consensus", "Feedback", "decide", "give_feedback", "latest", "read_feedback", "stamp_feedback"]
