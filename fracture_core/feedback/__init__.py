"""What readers say of the model's readings: agreement, corrected labels, and what they come to."""

from fracture_core.feedback.read import latest, read_feedback, stamp_feedback
from fracture_core.feedback.records import Consensus, Feedback, decide
from fracture_core.feedback.write import give_feedback

__all__ = ["Consensus", "Feedback", "decide", "give_feedback", "latest", "read_feedback", "stamp_feedback"]
