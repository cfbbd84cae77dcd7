"""What a checkpoint got wrong: filtered, folded by radiograph, counted, and what is behind it."""
