"""A transcript as a file: each format in a module of its own, `rendering` chooses."""
