"""What people say of radiographs: tags, notes, proposed labels; who said it and when, never overwritten."""
