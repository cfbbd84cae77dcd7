"""Which files show one radiograph, by name, by thumbnail and by detail, and the groups that follow."""
