"""Files to hand out, without what identifies a person."""
