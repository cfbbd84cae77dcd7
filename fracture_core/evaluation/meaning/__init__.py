"""What a call means and where it was measured, in sentences made from a checkpoint's own test predictions."""

from fracture_core.evaluation.meaning.explain import CallMeaning, explain_call

__all__ = ["CallMeaning", "explain_call"]
